import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createMemoryKeychain } from '../memory.ts';
import { createKeyringHome, whyNoKeyring } from '../testing/keyring-session.ts';
import { lifeOf } from './living.ts';
import { createOrphans } from './orphans.ts';
import { createInstallationRecord } from './record.ts';

const missing = whyNoKeyring();
if (missing !== undefined) console.warn(`skipped: orphans in the real Secret Service, because ${missing}`);
const ID = '11111111-0000-4000-8000-000000000001';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-life-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(missing !== undefined)(
  'with the real daemon: only items of an installation that is surely gone are offered, and they go',
  { timeout: 90_000 },
  () => {
    const home = createKeyringHome();
    const script = `printf pw | gnome-keyring-daemon --unlock --components=secrets >&2; exec "$NODE" "$PROGRAM"`;
    const out = execFileSync('dbus-run-session', ['--', 'sh', '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        HOME: home.dir,
        XDG_DATA_HOME: join(home.dir, 'data'),
        XDG_RUNTIME_DIR: join(home.dir, 'run'),
        NODE: process.execPath,
        PROGRAM: join(import.meta.dirname, '..', 'testing', 'orphans.ts'),
      },
    });
    home.remove();
    expect(JSON.parse(out)).toEqual({
      bothLive: { orphans: [], unchecked: [] },
      living: 'NOT_FOUND',
      unplugged: ['ENOENT'],
      unpluggedOffered: [],
      notChecked: 'NOT_FOUND',
      gone: [['22222222-0000-4000-8000-000000000002', 2]],
      own: 'NOT_FOUND',
      before: ['a.1', 'a.2'],
      removed: { items: 2 },
      after: [],
      again: { orphans: [], unchecked: [] },
      untouched: ['a.1', 'a.2'],
      stillRead: 'secret of first',
    });
  },
);

test('a database that cannot be read says nothing of its installation', async () => {
  const dataDir = join(folder, 'perch');
  expect(await lifeOf(ID, dataDir)).toEqual({ state: 'gone' });
  mkdirSync(dataDir);
  expect(await lifeOf(ID, dataDir)).toEqual({ state: 'gone' });
  writeFileSync(join(dataDir, 'perch.db'), 'no database, and long enough to be looked at as one '.repeat(100));
  expect(await lifeOf(ID, dataDir)).toEqual({ state: 'unknown', reason: 'SQLITE_NOTADB' });
  writeFileSync(join(folder, 'file'), '');
  expect(await lifeOf(ID, join(folder, 'file', 'perch'))).toEqual({ state: 'unknown', reason: 'ENOTDIR' });
});

test('where a keychain does not say all that it has, nothing is offered', async () => {
  const keychains = new Map<string, ReturnType<typeof createMemoryKeychain>>();
  const keychain = (id: string) => {
    const found = keychains.get(id) ?? createMemoryKeychain();
    keychains.set(id, found);
    return found;
  };
  await keychain('installations').set(ID, 'not/absolute');
  const { list, remove } = createOrphans({ keychain, installationId: 'own' });
  expect(await list()).toEqual({
    orphans: [],
    unchecked: [{ installationId: ID, dataDir: 'not/absolute', reason: 'EINVAL' }],
  });
  await expect(remove([ID])).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('an installation stands in the record before its first item; without a record there is no item', async () => {
  const kept = createMemoryKeychain();
  const noted: string[] = [];
  const note = createMemoryKeychain();
  let error: PerchError | undefined = new PerchError('KEYCHAIN_LOCKED');
  const record = createInstallationRecord({
    record: {
      ...note,
      async set(account, value) {
        if (error !== undefined) throw error;
        noted.push(`${account} ${value}`);
        await note.set(account, value);
      },
    },
    installationId: ID,
    dataDir: '/data',
  });
  const keychain = record.recorded(kept);
  await expect(keychain.set('a', 'x')).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  expect(await kept.get('a')).toBeNull();
  error = undefined;
  await keychain.set('a', 'x');
  await keychain.set('b', 'y');
  expect(noted).toEqual([`${ID} /data`]);
  expect(await kept.list()).toEqual(['a', 'b']);
  await record.remove();
  expect(await note.list()).toEqual([]);
});
