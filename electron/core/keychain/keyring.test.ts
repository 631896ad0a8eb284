import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KeychainHealth, keychainHealthSchema } from '../../../shared/model/keychain.ts';
import { createKeyringKeychain } from './keyring.ts';
import { errorOf, explainKeyringError } from './keyring-error.ts';
import {
  createKeyringHome,
  type DriverRequest,
  type KeyringHome,
  type Session,
  startDriver,
  whyNoKeyring,
} from './testing/keyring-session.ts';

const missing = whyNoKeyring();
if (missing !== undefined) console.warn(`skipped: the real Secret Service, because ${missing}`);

let home: KeyringHome;
beforeEach(() => {
  home = createKeyringHome();
});
afterEach(() => home.remove());

const within = async (session: Session, requests: DriverRequest[]) => {
  const driver = startDriver(home, session);
  const answers: unknown[] = [];
  for (const request of requests) answers.push(await driver.ask(request));
  await driver.close();
  return answers;
};

const get = { do: 'get', account: 'a' } as const;
const set = (value: string) => ({ do: 'set', account: 'a', value }) as const;
const remove = { do: 'delete', account: 'a' } as const;
const check = { do: 'check' } as const;
const list = { do: 'list' } as const;

describe.skipIf(missing !== undefined)('with the real daemon', () => {
  test('unlocked: everything works, and a check leaves nothing behind', async () => {
    const value = `sk-${'ü€😀'.repeat(100)}`;
    const available = { state: 'available', store: 'Secret Service' };
    expect(await within('unlocked', [check, get, set(value), get, check, get, remove, remove, get])).toEqual([
      available,
      { value: null },
      {},
      { value },
      available,
      { value },
      { deleted: true },
      { deleted: false },
      { value: null },
    ]);
  });

  test('list: its own items by name, and none of them is left by the listing', async () => {
    expect(await within('unlocked', [list, set('kept'), list, remove, list])).toEqual([
      { accounts: [] },
      {},
      { accounts: ['a'] },
      { deleted: true },
      { accounts: [] },
    ]);
  });

  test('a value over the limit of a store: written, read, listed and erased as one', async () => {
    const value = `sk-${'ü€😀'.repeat(700)}`;
    const whole = { account: 'v', items: 3 } as const;
    expect(
      await within('unlocked', [
        { do: 'write', account: 'v', value },
        { do: 'read', ...whole },
        list,
        { do: 'delete', account: 'v.2' },
        { do: 'read', ...whole },
        { do: 'erase', ...whole },
        list,
      ]),
    ).toEqual([
      { items: 3 },
      { value },
      { accounts: ['v.1', 'v.2', 'v.3'] },
      { deleted: true },
      {},
      {},
      { accounts: [] },
    ]);
  });

  test('a question on a screen that nobody answers is a dismissed one, whatever is asked', async () => {
    await within('unlocked', [set('kept')]);
    const dismissed = { error: 'KEYCHAIN_PROMPT_DISMISSED' };
    expect(await within('on-screen', [check, get, set('other'), remove, list])).toEqual([
      { state: 'prompt-dismissed' },
      dismissed,
      dismissed,
      dismissed,
      dismissed,
    ]);
    expect(await within('unlocked', [get]), 'nothing was lost').toEqual([{ value: 'kept' }]);
  });

  test('a bus that does not let Perch talk to the Secret Service', async () => {
    const denied = { error: 'KEYCHAIN_DENIED' };
    expect(await within('denied', [check, get, set('x'), remove, list])).toEqual([
      { state: 'denied' },
      denied,
      denied,
      denied,
      denied,
    ]);
  });

  test('what was stored is there for the next daemon', async () => {
    await within('unlocked', [set('kept')]);
    expect(await within('unlocked', [get])).toEqual([{ value: 'kept' }]);
  });

  test('locked, and no screen on which to unlock it: locked, not "dismissed"', async () => {
    await within('unlocked', [set('kept')]);
    const locked = { error: 'KEYCHAIN_LOCKED' };
    expect(await within('on-demand', [check, get, set('other'), remove, list])).toEqual([
      { state: 'locked' },
      locked,
      locked,
      locked,
      locked,
    ]);
    expect(await within('unlocked', [get]), 'nothing was lost').toEqual([{ value: 'kept' }]);
  });

  test('a daemon without a default collection is told as that, and not as a missing daemon', async () => {
    const none = { error: 'KEYCHAIN_NO_COLLECTION' };
    expect(await within('on-demand', [check, get, set('x'), remove, list])).toEqual([
      { state: 'no-collection' },
      { value: null },
      none,
      { deleted: false },
      none,
    ]);
  });

  test('the command that is advised then makes the collection, in a session whose daemon already runs', async () => {
    expect(await within('on-demand', [check])).toEqual([{ state: 'no-collection' }]);
    const available = { state: 'available', store: 'Secret Service' };
    expect(await within('made-as-advised', [check, set('kept'), get])).toEqual([available, {}, { value: 'kept' }]);
    const advice = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../resources/locales/en/doctor.json'), 'utf8'),
    );
    expect(advice['doctor.keychain-no-collection-advice']).toContain(
      'gnome-keyring-daemon --replace --unlock --components=secrets',
    );
  });

  test('a daemon killed in mid-life is said, and never taken for an empty keychain by the next write', async () => {
    const [, , killed, reading, writing, health] = await within('unlocked', [
      set('kept'),
      get,
      { do: 'kill-daemon' },
      get,
      set('other'),
      check,
    ]);
    expect(killed).toEqual({});
    // The bus starts a new daemon, whose keyring is locked.
    expect([reading, writing]).toEqual([{ error: 'KEYCHAIN_LOCKED' }, { error: 'KEYCHAIN_LOCKED' }]);
    expect(health).toEqual({ state: 'locked' });
  });

  test('a bus without a Secret Service', async () => {
    expect(await within('no-service', [check, get, set('x'), remove, list])).toEqual([
      { state: 'absent' },
      { error: 'KEYCHAIN_ABSENT' },
      { error: 'KEYCHAIN_ABSENT' },
      { error: 'KEYCHAIN_ABSENT' },
      { error: 'KEYCHAIN_ABSENT' },
    ]);
  });
});

test.skipIf(process.platform !== 'linux')('no bus at all', async () => {
  const absent = { error: 'KEYCHAIN_ABSENT' };
  expect(await within('no-bus', [check, get, set('x'), remove, list])).toEqual([
    { state: 'absent' },
    ...Array(4).fill(absent),
  ]);
});

test.skipIf(process.platform !== 'linux')('a bus that never answers does not hold up the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-bus-'));
  const path = join(folder, 'bus');
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(path, resolve));
  const environment = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` };
  const keychain = createKeyringKeychain('x', { environment, storeTimeoutMs: 50 });
  await expect(keychain.get('a')).rejects.toMatchObject({ code: 'KEYCHAIN_FAILED' });
  expect(await keychain.check()).toEqual({ state: 'failed' });
  await new Promise((resolve) => silent.close(resolve));
  rmSync(folder, { recursive: true });
});

test.each([
  ['Secret Service: unlock prompt was dismissed', true, 'KEYCHAIN_PROMPT_DISMISSED'],
  ['Secret Service: unlock prompt was dismissed', false, 'KEYCHAIN_LOCKED'],
  ['Secret Service: object locked', true, 'KEYCHAIN_LOCKED'],
  ['Platform failure: User interaction is not allowed.', true, 'KEYCHAIN_LOCKED'],
  ['Platform failure: User canceled the operation.', true, 'KEYCHAIN_PROMPT_DISMISSED'],
  ['DBus error: org.freedesktop.DBus.Error.AccessDenied', true, 'KEYCHAIN_DENIED'],
  ['something nobody has seen', true, 'KEYCHAIN_FAILED'],
])('"%s" (a screen: %s) is %s', (message, canPrompt, code) => {
  expect(explainKeyringError(new Error(message), { canPrompt })).toMatchObject({ code });
});

describe('what is shown', () => {
  const locales = ['en', 'de', 'fr'].map((locale) => {
    const read = (file: string): Record<string, string> =>
      JSON.parse(readFileSync(join(import.meta.dirname, '../../../resources/locales', locale, file), 'utf8'));
    return [locale, { ...read('errors.json'), ...read('window.json') }] as const;
  });
  const states = keychainHealthSchema.options.map((option) => option.shape.state.value);

  test.each(states)('every language has a sentence and an advice where the keychain is %s', (state) => {
    const health = { state, store: 's', previous: 'p', current: 'c' } as KeychainHealth;
    const problem = errorOf(health);
    expect(problem === undefined).toBe(state === 'unknown' || state === 'available');
    if (problem === undefined) return;
    for (const [locale, texts] of locales) {
      for (const key of [`error.${problem.code}`, `keychain.${state}`, `keychain.${state}.advice`]) {
        expect(texts[key], `${locale} ${key}`).toMatch(/\w/);
      }
    }
  });
});

// Another store under the same roof: a Linux machine has one Secret Service, and its name never changes.
test.skip('changed, with a real store: made by moving a data directory to another system, or another store', () => {});
