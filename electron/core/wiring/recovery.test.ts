import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, createApp } from '../app.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { INSTALLATIONS } from '../keychain/orphans/record.ts';
import { createNodeHostPorts } from '../node-host/host-ports.ts';
import type { HostPorts, Keychain } from '../ports.ts';
import { createTestInstallation, type TestInstallation } from './testing/installation.ts';

const caller = { kind: 'window' } as const;
const PAGE = 4096;
let installation: TestInstallation;
let keychains: Map<string, Keychain>;
let revealed: string[];
beforeEach(() => {
  installation = createTestInstallation();
  keychains = new Map();
  revealed = [];
});
afterEach(() => installation.remove());

function ports(): HostPorts {
  const { programsDir, dataDir, folder } = installation;
  const environment = { PATH: '/usr/bin:/bin', HOME: folder, PERCH_DATA_DIR: dataDir };
  const node = createNodeHostPorts({ kind: 'loopback', version: '1', programsDir, environment });
  return {
    ...node,
    opener: { ...node.opener, revealFile: async (path) => revealed.push(path) > 0 },
    keychain(id) {
      const found = keychains.get(id) ?? createMemoryKeychain();
      keychains.set(id, found);
      return found;
    },
  };
}

async function withApp<T>(use: (app: App) => Promise<T>): Promise<T> {
  const app = await createApp(ports());
  try {
    return await use(app);
  } finally {
    await app.dispose();
  }
}

/** Overwrites the first page of the file, or the one of a table. */
function damage(table?: string): void {
  const file = join(installation.dataDir, 'perch.db');
  const sql = new BetterSqlite3(file, { readonly: true });
  const found = sql
    .prepare<[string], number>('SELECT pageno FROM dbstat WHERE name = ?')
    .pluck()
    .get(table ?? '');
  sql.close();
  const at = ((found ?? 1) - 1) * PAGE;
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, at, at + PAGE));
}

const store = (app: App, value: string) =>
  app.handlers['credentials.set'](
    { providerId: 'openai', variable: 'OPENAI_API_KEY', scope: { kind: 'global' }, value, storage: 'keychain' },
    caller,
  );

const installations = () => [...keychains.keys()].filter((id) => id !== INSTALLATIONS);
const statesOf = ({ hub }: App) => hub.state.recovery?.areas.map(({ area, state }) => `${area} ${state}`);

test('a core with a database that nothing can be read of starts, says where it is, and goes on', async () => {
  await withApp((app) => store(app, `sk-proj-${randomUUID()}`));
  const before = installations();
  damage();
  await withApp(async (app) => {
    const { recovery, credentials } = app.hub.state;
    expect(installations()).toEqual(before);
    expect(credentials).toEqual([]);
    expect(existsSync(recovery?.movedTo ?? '')).toBe(true);
    expect(statesOf(app)).toEqual([
      'conversations nothing',
      'credentials nothing',
      'variables nothing',
      'settings nothing',
    ]);
    const { report } = await app.handlers['doctor.run']({}, caller);
    expect(report.checks.find(({ id }) => id === 'database')).toMatchObject({
      status: 'warning',
      summary: { key: 'doctor.database-recovered-partly', values: { file: recovery?.movedTo } },
    });
    expect(await app.handlers['recovery.reveal']({}, caller)).toEqual({ revealed: true });
    expect(revealed).toEqual([recovery?.movedTo]);
    await app.handlers['recovery.dismiss']({}, caller);
    expect(app.hub.state.recovery).toBeNull();
    await store(app, `sk-proj-${randomUUID()}`);
  });
  await withApp(async (app) => {
    expect(app.hub.state.recovery).toBeNull();
    expect(app.hub.state.credentials).toHaveLength(1);
  });
});

test('a credential of a damaged database still finds its value', async () => {
  await withApp(async (app) => {
    await store(app, `sk-proj-${randomUUID()}`);
    await app.handlers['settings.update']({ patch: { locale: 'de' } }, caller);
  });
  damage('setting');
  await withApp(async (app) => {
    expect(statesOf(app)).toContain('credentials whole');
    expect(statesOf(app)).not.toContain('settings whole');
    const [credential] = app.hub.state.credentials;
    await expect(keychains.get(installations()[0] ?? '')?.list()).resolves.toEqual([
      expect.stringContaining(credential?.credentialId ?? 'none'),
    ]);
    expect(app.hub.state.settings.locale).toBe('system');
  });
});
