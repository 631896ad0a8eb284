import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyringKeychain } from './keyring.ts';
import { explainKeyringError } from './keyring-error.ts';
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

  test('what was stored is there for the next daemon', async () => {
    await within('unlocked', [set('kept')]);
    expect(await within('unlocked', [get])).toEqual([{ value: 'kept' }]);
  });

  test('locked, and no screen on which to unlock it: locked, not "dismissed"', async () => {
    await within('unlocked', [set('kept')]);
    const locked = { error: 'KEYCHAIN_LOCKED' };
    expect(await within('on-demand', [check, get, set('other'), remove])).toEqual([
      { state: 'locked' },
      locked,
      locked,
      locked,
    ]);
    expect(await within('unlocked', [get]), 'nothing was lost').toEqual([{ value: 'kept' }]);
  });

  test('a daemon that keeps no collection yet is no keychain', async () => {
    expect(await within('on-demand', [check, set('x')])).toEqual([{ state: 'absent' }, { error: 'KEYCHAIN_ABSENT' }]);
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
    expect(await within('no-service', [check, get, set('x'), remove])).toEqual([
      { state: 'absent' },
      { error: 'KEYCHAIN_ABSENT' },
      { error: 'KEYCHAIN_ABSENT' },
      { error: 'KEYCHAIN_ABSENT' },
    ]);
  });
});

test.skipIf(process.platform !== 'linux')('no bus at all', async () => {
  const absent = { error: 'KEYCHAIN_ABSENT' };
  expect(await within('no-bus', [check, get, set('x'), remove])).toEqual([{ state: 'absent' }, absent, absent, absent]);
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
