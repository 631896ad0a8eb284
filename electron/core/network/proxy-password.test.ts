import { beforeEach, expect, test } from 'vitest';
import { createMemoryKeychain } from '../keychain/memory.ts';
import type { StoredProxy } from './network-store.ts';
import { createProxyPassword } from './proxy-password.ts';

const ADA = { url: 'http://proxy.example.com:3128', userName: 'ada' };
const proxy = (passwordItems: number, userName: string | undefined = 'ada'): StoredProxy => ({
  ...{ url: ADA.url, userName, passwordItems, exceptions: [], setAt: 1 },
});

let items: ReturnType<typeof createMemoryKeychain>;
let masked: Set<string>;
beforeEach(() => {
  items = createMemoryKeychain();
  masked = new Set();
});
const create = () =>
  createProxyPassword({
    keychain: items,
    mask(value) {
      masked.add(value);
      return () => void masked.delete(value);
    },
  });

test('a password goes to the place that is chosen, and away from the former one', async () => {
  const password = create();
  const count = await password.replace('secret', 'keychain', undefined);
  expect([count, password.placeOf(proxy(count))]).toEqual([1, 'keychain']);
  expect(await password.replace('secret', 'session-only', proxy(count))).toBe(0);
  expect([await items.list(), password.placeOf(proxy(0))]).toEqual([[], 'session-only']);
  await password.replace(undefined, 'keychain', proxy(0));
  expect(password.placeOf(proxy(0))).toBe('none');
});

test('a password is given to its own address and user name only', async () => {
  const password = create();
  password.remember({ ...ADA, password: 'detected-one' });
  expect(await password.choose({ from: 'detected' }, undefined, ADA)).toBe('detected-one');
  for (const other of [
    { ...ADA, userName: 'bob' },
    { ...ADA, url: 'http://other.example.com' },
  ])
    await expect(password.choose({ from: 'detected' }, undefined, other)).rejects.toMatchObject({
      code: 'PROXY_PASSWORD_GONE',
    });

  const kept = proxy(await password.replace('kept-one', 'keychain', undefined));
  expect(await password.choose({ from: 'kept' }, kept, ADA)).toBe('kept-one');
  await expect(password.choose({ from: 'kept' }, kept, { ...ADA, userName: 'bob' })).rejects.toMatchObject({
    code: 'PROXY_PASSWORD_GONE',
  });
  // It was detected for the change that is done now.
  await expect(password.choose({ from: 'detected' }, kept, ADA)).rejects.toMatchObject({ code: 'PROXY_PASSWORD_GONE' });
});

test('the header is masked in both forms until the password is gone', async () => {
  const password = create();
  const kept = proxy(await password.replace('secret', 'keychain', undefined));
  const basic = Buffer.from('ada:secret').toString('base64');
  expect(await password.authorization(kept)).toBe(`Basic ${basic}`);
  expect(masked).toEqual(new Set(['secret', basic]));
  await password.forget(kept);
  expect(masked).toEqual(new Set());
  expect(await password.authorization({ ...proxy(0), userName: undefined })).toBeUndefined();
});
