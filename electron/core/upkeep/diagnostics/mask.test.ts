import { expect, test } from 'vitest';
import { createRedactor } from '../../../../shared/redaction/redactor.ts';
import { createKnownSecrets } from './known-secrets.ts';
import { createMask, maskLines } from './mask.ts';

function maskOf(secret: string) {
  const redactor = createRedactor({ shapes: [] });
  redactor.add(secret);
  return createMask(redactor, '/home/ada');
}

test.each(['plain-secret-1', 'quoted "secret" 2', 'back\\slash\\3', 'two\nlines', 'ünï¢ode-4', 'tab\tbed-5'])(
  'no form of %j is left, in values, names, lists or lines',
  (secret) => {
    const mask = maskOf(secret);
    const value = { text: `a ${secret} b`, list: [secret], [secret]: { deep: JSON.stringify({ secret }) } };
    for (const text of [mask(value), maskLines(mask, [value, value])]) {
      expect(text).toContain('a ');
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), JSON.stringify(JSON.stringify(secret))]) {
        expect(text).not.toContain(form);
      }
      expect(() => JSON.parse(mask(value))).not.toThrow();
    }
  },
);

test('the user’s home has no name', () => {
  expect(maskOf('x'.repeat(20))({ file: '/home/ada/perch/x' })).toContain('~/perch/x');
});

test('what the keychain holds is known, also what no session uses; one that does not answer is told', async () => {
  const items = new Map([
    ['a', 'one'],
    ['b', 'two'],
  ]);
  const keychain = { list: async () => [...items.keys()], get: async (account: string) => items.get(account) ?? null };
  const held = [async () => ['three']];
  expect(await createKnownSecrets({ keychain, held })()).toEqual({ values: ['three', 'one', 'two'], complete: true });
  const locked = { ...keychain, list: () => Promise.reject(new Error('locked')) };
  expect(await createKnownSecrets({ keychain: locked, held })()).toEqual({ values: ['three'], complete: false });
});
