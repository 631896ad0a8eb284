import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import { credentialViewSchema } from '../../../shared/model/credential.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import type { Keychain } from '../ports.ts';
import { createProviderRegistry } from '../providers/registry.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { type CredentialService, createCredentialService } from './credential-service.ts';
import { createCredentialTrail } from './trail.ts';

const KEY = 'sk-ant-api03-first-secret-value-1111';
const OTHER = 'sk-ant-api03-second-secret-value-2222';
const GLOBAL: Scope = { kind: 'global' };
const AGENT: Scope = { kind: 'agent', agentId: 'codex' };
const PROJECT: Scope = { kind: 'project', projectDir: '/home/me/project' };
const ACCEPTED = [['ANTHROPIC_API_KEY'], ['CLAUDE_CODE_OAUTH_TOKEN']];

let items: Map<string, string>;
/** What the keychain does at its next calls; undefined: it works. */
let failWith: ((operation: string, account: string) => PerchError | undefined) | undefined;
let store: string;
let database: Database;
let now: number;
let ids: number;
let service: CredentialService;

const keychain: Keychain = {
  get store() {
    return store;
  },
  get: async (account) => through('get', account, () => items.get(account) ?? null),
  set: async (account, value) => through('set', account, () => void items.set(account, value)),
  delete: async (account) => through('delete', account, () => items.delete(account)),
  list: async () => through('list', '', () => [...items.keys()]),
  check: async () => {
    const error = failWith?.('check', '');
    return error === undefined ? { state: 'available', store } : { state: 'locked' };
  },
};

function through<T>(operation: string, account: string, work: () => T): T {
  const error = failWith?.(operation, account);
  if (error !== undefined) throw error;
  return work();
}

const clock = { now: () => ++now, after: () => () => {} };
const random = { uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`, fraction: () => 0 };
const registry = createProviderRegistry({
  resourcesDir: join(import.meta.dirname, '../../../resources'),
  baseUrls: { get: () => undefined, set: () => {}, reset: () => {} },
});
const open = () => createCredentialService({ database, keychain, registry, clock, random });

beforeEach(() => {
  items = new Map();
  failWith = undefined;
  store = 'Secret Service';
  now = 0;
  ids = 0;
  database = openDatabase({ file: ':memory:', clock, random });
  service = open();
});
afterEach(() => database.close());

const set = (value: string, scope: Scope = GLOBAL, storage: 'keychain' | 'session-only' = 'keychain') =>
  service.set({ providerId: 'anthropic', scope, value, storage });
const resolve = (agentId = 'codex', projectDir = '/home/me/project') =>
  service.resolve({ providerId: 'anthropic', agentId, projectDir, accepted: ACCEPTED });
const valueNow = async (agentId?: string, projectDir?: string) => {
  const resolution = resolve(agentId, projectDir);
  if (resolution.state !== 'resolved') return resolution.state;
  return (await service.readValues(resolution)).get('ANTHROPIC_API_KEY');
};
const leftovers = () => database.sql.prepare('SELECT * FROM keychain_leftover').all();
const locked = () => new PerchError('KEYCHAIN_LOCKED');

test('stored under the default variable, shown masked, read back only for a session', async () => {
  const { credential, replaced, trimmed } = await set(`  ${KEY}\n`);
  expect(credentialViewSchema.parse(credential)).toEqual(credential);
  expect(credential).toMatchObject({ variable: 'ANTHROPIC_API_KEY', masked: '••••••••1111', status: 'ok' });
  expect({ replaced, trimmed }).toEqual({ replaced: false, trimmed: true });
  expect(JSON.stringify(service.list())).not.toContain('secret');
  expect(await valueNow()).toBe(KEY);
  expect(leftovers()).toEqual([]);
});

test('no value is in the database', async () => {
  await set(KEY);
  const tables = ['credential', 'keychain_leftover', 'installation', 'setting'];
  const rows = tables.map((table) => database.sql.prepare(`SELECT * FROM ${table}`).all());
  expect(JSON.stringify(rows)).not.toContain('first-secret');
  expect([...items.values()].join(), 'control').toContain('first-secret');
});

test('a value of 64 KiB is kept in pieces and comes back whole', async () => {
  const big = 'éüöxx'.repeat(8192);
  await set(big);
  expect(items.size).toBeGreaterThan(20);
  expect(await valueNow()).toBe(big);
  await service.remove({ credentialId: service.list()[0]?.credentialId ?? '' });
  expect(items.size).toBe(0);
});

test.each<[string, string, string | undefined, string, object]>([
  ['nothing', ' \n', undefined, 'CREDENTIAL_EMPTY', {}],
  ['too much', 'x'.repeat(65537), undefined, 'CREDENTIAL_TOO_LARGE', { bytes: 65537, maxBytes: 65536 }],
  ['a NUL', 'a\0b', undefined, 'CREDENTIAL_HAS_NUL', {}],
  ['a smart quote', 'ab\nc“d', undefined, 'CREDENTIAL_NOT_SENDABLE', { code: 'U+201C', line: 2, column: 2 }],
  ['an escape', `\u001b[1m${KEY}`, undefined, 'CREDENTIAL_NOT_SENDABLE', { code: 'U+001B', line: 1, column: 1 }],
  ['not its variable', KEY, 'OPENAI_API_KEY', 'VARIABLE_NOT_ACCEPTED', { variable: 'OPENAI_API_KEY' }],
])('refused before anything is written: %s', async (_, value, variable, code, values) => {
  const params = { providerId: 'anthropic', scope: GLOBAL, value, storage: 'keychain' as const };
  await expect(service.set(variable === undefined ? params : { ...params, variable })).rejects.toMatchObject({
    code,
    values: expect.objectContaining(values),
  });
  expect(items.size).toBe(0);
});

test('an unknown provider, and one that takes nothing', async () => {
  const params = { scope: GLOBAL, value: KEY, storage: 'keychain' as const };
  await expect(service.set({ ...params, providerId: 'nobody' })).rejects.toMatchObject({ code: 'PROVIDER_UNKNOWN' });
  await expect(service.set({ ...params, providerId: 'ollama' })).rejects.toMatchObject({
    code: 'VARIABLE_NOT_ACCEPTED',
  });
});

test('the most specific scope wins; a directory is matched exactly', async () => {
  await set('global-value-of-the-key');
  await set('project-value-of-the-key', { kind: 'project', projectDir: '/home/me/project/' });
  expect(await valueNow('codex')).toBe('project-value-of-the-key');
  expect(await valueNow('codex', '/home/me/project/sub')).toBe('global-value-of-the-key');
  expect(await valueNow('codex', '/home/me')).toBe('global-value-of-the-key');
  await set('agent-value-of-the-key', AGENT);
  expect(await valueNow('codex')).toBe('agent-value-of-the-key');
  expect(await valueNow('opencode')).toBe('project-value-of-the-key');
});

test('what is kept comes before what is for this session only, at any scope', async () => {
  await set('session-value-of-the-key', AGENT, 'session-only');
  expect(await valueNow()).toBe('session-value-of-the-key');
  await set('global-value-of-the-key');
  expect(await valueNow()).toBe('global-value-of-the-key');
  expect([...items.values()].join()).not.toContain('session');
});

test('a complete alternative lower in the list is better than none', async () => {
  await service.set({
    providerId: 'anthropic',
    variable: 'CLAUDE_CODE_OAUTH_TOKEN',
    scope: GLOBAL,
    value: 'sk-ant-oat01-token',
    storage: 'keychain',
  });
  expect(resolve()).toMatchObject({ state: 'resolved', entries: [{ variable: 'CLAUDE_CODE_OAUTH_TOKEN' }] });
  const together = [['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN']];
  const request = { providerId: 'anthropic', agentId: 'a', projectDir: '/p', accepted: together };
  expect(service.resolve(request), 'an incomplete one is none').toEqual({ state: 'missing', accepted: together });
  expect(service.resolve({ ...request, accepted: [] })).toEqual({ state: 'not-needed' });
  expect(service.resolve({ ...request, providerId: 'openai' }).state).toBe('missing');
});

test('replacing keeps one entry, deletes the old item, and counts as replaced', async () => {
  await set(KEY);
  const { replaced, credential } = await set(OTHER);
  expect(replaced).toBe(true);
  expect(service.list()).toHaveLength(1);
  expect(credential.createdAt).toBeLessThan(credential.updatedAt);
  expect([...items.values()]).toEqual([OTHER]);
});

test('a keychain that refuses leaves the old value in place', async () => {
  await set(KEY);
  failWith = (operation) => (operation === 'set' ? locked() : undefined);
  await expect(set(OTHER)).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  expect(service.health()).toEqual({ state: 'locked' });
  failWith = undefined;
  await service.checkHealth();
  expect(await valueNow()).toBe(KEY);
});

test('a write that broke in the middle is no value, and is deleted as soon as the keychain works again', async () => {
  failWith = (operation, account) => (operation === 'set' && account.endsWith('.3') ? locked() : undefined);
  await expect(set('x'.repeat(5000))).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  expect(items.size).toBe(2);
  expect(service.list()).toEqual([]);
  failWith = undefined;
  await open().checkHealth();
  expect(items.size).toBe(0);
  expect(leftovers()).toEqual([]);
});

test('a replaced item that cannot be deleted now is deleted later', async () => {
  await set(KEY);
  failWith = (operation) => (operation === 'delete' ? locked() : undefined);
  await set(OTHER);
  expect([...items.values()].sort()).toEqual([KEY, OTHER].sort());
  failWith = undefined;
  await service.checkHealth();
  expect([...items.values()]).toEqual([OTHER]);
  expect(await valueNow()).toBe(OTHER);
});

test('a database that cannot be written leaves the old value, and the new item is deleted later', async () => {
  await set(KEY);
  database.sql.exec(`CREATE TRIGGER full BEFORE INSERT ON credential BEGIN SELECT RAISE(ABORT, 'full'); END`);
  await expect(set(OTHER)).rejects.toThrow('full');
  expect(await valueNow()).toBe(KEY);
  database.sql.exec('DROP TRIGGER full');
  await service.checkHealth();
  expect([...items.values()]).toEqual([KEY]);
});

test('an item that vanished is unreadable: said, not skipped for a wider one', async () => {
  await set(OTHER);
  const { credential } = await set(KEY, AGENT);
  items.delete(`${credential.credentialId}.1`);
  await expect(valueNow()).rejects.toMatchObject({
    code: 'CREDENTIAL_UNREADABLE',
    values: { variable: 'ANTHROPIC_API_KEY', providerId: 'anthropic' },
  });
  expect(resolve()).toMatchObject({ state: 'unreadable', error: { code: 'CREDENTIAL_UNREADABLE' } });
  expect(service.list().map((entry) => entry.status)).toContain('unreadable');
  expect(await valueNow('opencode'), 'others are not touched').toBe(OTHER);
});

test('with a locked keychain a session-only value is a way out, and the kept one comes back after', async () => {
  await set(KEY);
  failWith = locked;
  expect(await service.checkHealth()).toEqual({ state: 'locked' });
  expect(resolve()).toMatchObject({ state: 'unreadable', error: { code: 'KEYCHAIN_LOCKED' } });
  await set('session-value-of-the-key', GLOBAL, 'session-only');
  expect(await valueNow()).toBe('session-value-of-the-key');
  failWith = undefined;
  await service.checkHealth();
  expect(await valueNow()).toBe(KEY);
});

test('another keychain than the one that has the values', async () => {
  await set(KEY);
  store = 'Other Store';
  service = open();
  expect(await service.checkHealth()).toEqual({ state: 'changed', previous: 'Secret Service', current: 'Other Store' });
  expect(resolve()).toMatchObject({
    state: 'unreadable',
    error: { code: 'KEYCHAIN_CHANGED', values: { previous: 'Secret Service', current: 'Other Store' } },
  });
  await set(OTHER);
  expect(service.health()).toEqual({ state: 'available', store: 'Other Store' });
  expect(await valueNow()).toBe(OTHER);
});

test('removing says which wider one takes over, and removes no wider one', async () => {
  await set(OTHER);
  const { credential } = await set(KEY, PROJECT);
  const { removed, nowInEffect } = await service.remove({ credentialId: credential.credentialId });
  expect(removed).toMatchObject({ scope: PROJECT });
  expect(nowInEffect).toMatchObject({ scope: GLOBAL, masked: '••••••••2222' });
  expect([...items.values()]).toEqual([OTHER]);
  const last = await service.remove({ credentialId: nowInEffect?.credentialId ?? '' });
  expect(last.nowInEffect).toBeUndefined();
  await expect(service.remove({ credentialId: credential.credentialId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('removing with a locked keychain removes nothing; with a keychain that is gone, the entry goes', async () => {
  const { credential } = await set(KEY);
  failWith = locked;
  await expect(service.remove(credential)).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  expect(service.list()).toHaveLength(1);
  failWith = () => new PerchError('KEYCHAIN_ABSENT');
  await service.remove(credential);
  expect(service.list()).toEqual([]);
  failWith = undefined;
  await service.checkHealth();
  expect(items.size, 'deleted when the keychain is there again').toBe(0);
});

test('an agent or a project takes its credentials with it; a later one of that name inherits nothing', async () => {
  await set(OTHER);
  await set(KEY, AGENT);
  await set('session-value-of-the-key', AGENT, 'session-only');
  await service.removeScope({ kind: 'agent', agentId: 'codex' });
  expect(service.list().map((entry) => entry.scope)).toEqual([GLOBAL]);
  expect([...items.values()]).toEqual([OTHER]);
  await set(KEY, PROJECT);
  await service.removeScope({ kind: 'project', projectDir: '/home/me/project/' });
  expect(await valueNow()).toBe(OTHER);
});

test('a session-only value is gone with the process', async () => {
  await set(KEY, GLOBAL, 'session-only');
  expect(await valueNow()).toBe(KEY);
  service = open();
  expect(resolve().state).toBe('missing');
  expect(items.size).toBe(0);
});

test('two writes to one place at once leave one entry and one item', async () => {
  await Promise.all([set(KEY), set(OTHER), service.checkHealth()]);
  expect(service.list()).toHaveLength(1);
  expect(items.size).toBe(1);
});

test('changes are told, and no event for nothing', async () => {
  let changes = 0;
  const stop = service.onChange(() => changes++);
  await set(KEY);
  expect(changes).toBeGreaterThan(0);
  stop();
  const before = changes;
  await set(OTHER);
  expect(changes).toBe(before);
});

test('an error says names, never the value', async () => {
  const all: unknown[] = [];
  failWith = locked;
  await set(KEY).catch((error: unknown) => all.push(error));
  failWith = undefined;
  await set(`${KEY}\0`).catch((error: unknown) => all.push(error));
  expect(all).toHaveLength(2);
  for (const error of all) {
    const { message, values, details, stack } = error as PerchError;
    expect(JSON.stringify({ message, values, details, stack })).not.toContain('first-secret');
  }
});

test('the memory keychain is a keychain', async () => {
  const memory = createMemoryKeychain();
  await memory.set('a', 'x');
  expect(await memory.get('a')).toBe('x');
  expect([await memory.delete('a'), await memory.delete('a'), await memory.get('a')]).toEqual([true, false, null]);
});

describe('several accounts', () => {
  const named = (account: string, value: string, scope: Scope = GLOBAL) =>
    service.set({ providerId: 'anthropic', scope, account, value, storage: 'keychain' });
  const chosen = async (account: string | undefined) => {
    const place = { providerId: 'anthropic', agentId: 'codex', projectDir: '/home/me/project' };
    const resolution = service.resolve({ ...place, account, accepted: ACCEPTED });
    if (resolution.state !== 'resolved') return resolution.state;
    return (await service.readValues(resolution)).get('ANTHROPIC_API_KEY');
  };

  test('stand beside each other at one scope, and each is replaced by its own name only', async () => {
    await set(KEY);
    await named('work', OTHER);
    expect((await named('work', `${OTHER}-new`)).replaced).toBe(true);
    expect(service.list().map(({ account, masked }) => [account, masked])).toEqual([
      [undefined, '••••••••1111'],
      ['work', '••••••••-new'],
    ]);
    expect([await chosen('work'), await chosen(undefined), await chosen('gone')]).toEqual([
      `${OTHER}-new`,
      KEY,
      'missing',
    ]);
  });

  test('of one account the most specific scope wins; another account never stands in', async () => {
    await named('work', OTHER);
    await set(KEY, AGENT);
    expect(await chosen('work')).toBe(OTHER);
    await named('work', `${OTHER}-here`, PROJECT);
    expect(await chosen('work')).toBe(`${OTHER}-here`);
  });

  test('when nobody chose, the only one there is; among several named ones none is guessed', async () => {
    await named('work', OTHER);
    expect(await chosen(undefined)).toBe(OTHER);
    await named('private', KEY);
    expect(await chosen(undefined)).toBe('missing');
  });

  test('what takes over is of the same account, and the trail has its name', async () => {
    await set(KEY);
    await named('work', OTHER);
    const { credential } = await named('work', `${OTHER}-here`, AGENT);
    const { nowInEffect } = await service.remove({ credentialId: credential.credentialId });
    expect(nowInEffect?.account).toBe('work');
    const trail = createCredentialTrail({ database, clock }).list({ limit: 10 });
    expect(trail.map(({ kind, account }) => [kind, account])).toEqual([
      ['deleted', 'work'],
      ['stored', 'work'],
      ['stored', 'work'],
      ['stored', undefined],
    ]);
  });

  test('of this session only: the same', async () => {
    await set(KEY, GLOBAL, 'session-only');
    const storage = 'session-only';
    const place = { providerId: 'anthropic', scope: GLOBAL, storage } as const;
    expect((await service.set({ ...place, account: 'work', value: OTHER })).replaced).toBe(false);
    expect([await chosen('work'), await chosen(undefined)]).toEqual([OTHER, KEY]);
  });
});

test('what was kept for this session only goes with it, and the trail says so', async () => {
  await set(KEY, GLOBAL, 'session-only');
  await set(OTHER, AGENT);
  await service.dispose();
  expect(service.list().map(({ storage }) => storage)).toEqual(['keychain']);
  const [last] = createCredentialTrail({ database, clock }).list({ limit: 1 });
  expect(last).toMatchObject({ kind: 'deleted', storage: 'session-only' });
});
