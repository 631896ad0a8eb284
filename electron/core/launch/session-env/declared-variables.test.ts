import { expect, test } from 'vitest';
import { type DeclaredVariable, declaredVariables, readDeclared } from './declared-variables.ts';

const REFUSALS = {
  taken: new Set(['TAKEN']),
  knownCredentialVariables: new Set(['OPENAI_API_KEY']),
  isRouting: (name: string) => name === 'SOME_BASE_URL',
};
const plain = (name: string, value: string): DeclaredVariable => ({
  name,
  value,
  source: 'declared',
  reason: 'reason.declared',
});
const secret: DeclaredVariable = {
  name: 'TOKEN',
  reference: 'env:MY_TOKEN',
  source: 'declared',
  reason: 'reason.declared',
};

test('a value is shown, a reference is a secret of which only the place is shown', () => {
  expect(declaredVariables([plain('PLAIN', 'shown'), secret], REFUSALS)).toEqual({
    set: [
      { name: 'PLAIN', value: 'shown', secret: false, source: 'declared', reason: 'reason.declared' },
      {
        name: 'TOKEN',
        secret: true,
        source: 'declared',
        reason: 'reason.declared',
        keptAs: 'declared env:MY_TOKEN',
        masked: '•••• env:MY_TOKEN',
      },
    ],
    denied: [],
  });
});

test.each([
  ['OPENAI_API_KEY', 'reason.denied-provider'],
  ['SOME_BASE_URL', 'reason.denied-routing'],
  ['TAKEN', 'reason.denied-taken'],
])('%s is refused as it is to the user', (name, reason) => {
  expect(declaredVariables([plain(name, 'x')], REFUSALS)).toEqual({
    set: [],
    denied: [{ name, source: 'declared', reason }],
  });
});

test('the first declaration of a name is the narrower one, and wins', () => {
  const { set, denied } = declaredVariables([plain('TWICE', 'near'), plain('TWICE', 'far')], REFUSALS);
  expect(set).toMatchObject([{ name: 'TWICE', value: 'near' }]);
  expect(denied).toEqual([{ name: 'TWICE', source: 'declared', reason: 'reason.denied-hidden-declared' }]);
});

test('only references are read, and each is found under the name that the plan wants', async () => {
  const { set } = declaredVariables([plain('PLAIN', 'shown'), secret], REFUSALS);
  const stored = { name: 'OWN', secret: true, source: 'keychain', reason: '', keptAs: 'an-id', masked: '' } as const;
  const asked: string[] = [];
  const values = await readDeclared({ set: [...set, stored] }, async (reference) => {
    asked.push(reference);
    return `value of ${reference}`;
  });
  expect(asked).toEqual(['env:MY_TOKEN']);
  expect(values).toEqual(new Map([['declared env:MY_TOKEN', 'value of env:MY_TOKEN']]));
});

test('a reference that cannot be read is no empty value', async () => {
  const { set } = declaredVariables([secret], REFUSALS);
  await expect(readDeclared({ set }, () => Promise.reject(new Error('locked')))).rejects.toThrow('locked');
});
