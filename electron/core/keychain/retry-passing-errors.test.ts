import { expect, test } from 'vitest';
import { retryPassingErrors } from './retry-passing-errors.ts';

const failing = (times: number, message: string) => {
  let calls = 0;
  return {
    calls: () => calls,
    async call() {
      calls++;
      if (calls <= times) throw new Error(message);
      return 'done';
    },
  };
};

const passing = [
  'Platform failure: DBus error: No such interface “org.freedesktop.Secret.Item” on object at path /org/freedesktop/secrets/collection/login/35',
  'Platform failure: DBus error: Object does not exist at path “/org/freedesktop/secrets/collection/login/54”',
  'Platform failure: DBus error: Message recipient disconnected from message bus without replying',
];

test.each(passing)('again, while only the moment was wrong: %s', async (message) => {
  const twice = failing(2, message);
  expect(await retryPassingErrors(twice.call)).toBe('done');
  expect(twice.calls()).toBe(3);
});

test('not for ever', async () => {
  const always = failing(Number.POSITIVE_INFINITY, passing[0] ?? '');
  await expect(retryPassingErrors(always.call)).rejects.toThrow('No such interface');
  expect(always.calls()).toBe(10);
});

test.each(['Secret Service: object locked', 'ServiceUnknown', 'Did not receive a reply. Possible causes include: …'])(
  'at once: %s',
  async (message) => {
    const once = failing(1, message);
    await expect(retryPassingErrors(once.call)).rejects.toThrow(message);
    expect(once.calls()).toBe(1);
  },
);
