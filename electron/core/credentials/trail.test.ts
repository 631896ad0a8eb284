import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Params } from '../../../shared/contract/methods.ts';
import { contract } from '../../../shared/contract/methods.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { createProviderRegistry } from '../providers/registry.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { type CredentialService, createCredentialService } from './credential-service.ts';
import { createCredentialTrail, TRAIL_AGE_MS, TRAIL_LENGTH, type Traced } from './trail.ts';

const SECRET = 'sk-ant-api03-a-canary-that-must-stay-in-the-keychain-1111';
const OTHER = 'sk-ant-api03-another-canary-that-must-stay-there-2222';
const GLOBAL: Scope = { kind: 'global' };
const PROJECT: Scope = { kind: 'project', projectDir: '/home/me/project' };

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const KEY: Traced = {
  credentialId: id(1),
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: PROJECT,
  storage: 'keychain',
  masked: '••••••••6789',
};
const USE = { credentials: [KEY], agentId: 'codex', sessionId: id(2), turnId: id(3) };

let folder: string;
let database: Database;
let now: number;
let ids: number;
const clock = { now: () => now, after: () => () => {} };
const random = { uuid: () => id(++ids), fraction: () => 0 };
const keychain = createMemoryKeychain();
const registry = createProviderRegistry({
  resourcesDir: join(import.meta.dirname, '../../../resources'),
  baseUrls: { get: () => undefined, set: () => {}, reset: () => {} },
});
let service: CredentialService;

beforeEach(() => {
  now = 1_000_000;
  ids = 100;
  folder = mkdtempSync(join(tmpdir(), 'perch-trail-'));
  database = openDatabase({ file: join(folder, 'perch.db'), clock, random });
  service = createCredentialService({ database, keychain, registry, clock, random });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const trail = () => createCredentialTrail({ database, clock });
const list = (query: Partial<Params<'credentials.trail'>> = {}) => trail().list({ limit: 500, ...query });
const set = (value: string, storage: 'keychain' | 'session-only' = 'keychain', scope: Scope = GLOBAL) =>
  service.set({ providerId: 'anthropic', scope, value, storage });

test('a refusal outside of any turn names none', () => {
  trail().note('rejected', KEY);
  expect(list()).toEqual([{ kind: 'rejected', eventId: 1, at: now, ...KEY }]);
  expect(contract['credentials.trail'].result.parse({ events: list() })).toEqual({ events: list() });
});

test('an event keeps what was known of the credential then, the newest first', () => {
  trail().note('stored', KEY);
  now += 5;
  trail().used(USE);
  trail().rejected(USE);
  expect(list()).toEqual([
    { kind: 'rejected', eventId: 3, at: now, ...KEY, agentId: 'codex', sessionId: id(2), turnId: id(3) },
    { kind: 'used', eventId: 2, at: now, ...KEY, agentId: 'codex', sessionId: id(2), turnId: id(3) },
    { kind: 'stored', eventId: 1, at: now - 5, ...KEY },
  ]);
  const result = { events: list() };
  expect(contract['credentials.trail'].result.parse(result)).toEqual(result);
});

test('a use of several credentials is an event for each; of none, none', () => {
  trail().used({ ...USE, credentials: [] });
  expect(list()).toEqual([]);
  trail().used({ ...USE, credentials: [KEY, { ...KEY, credentialId: id(9), variable: 'OTHER' }] });
  expect(list().map(({ variable }) => variable)).toEqual(['OTHER', 'OPENAI_API_KEY']);
});

test('pages go on where the last one ended, of one provider when asked', () => {
  for (let index = 0; index < 6; index++) {
    trail().note('stored', { ...KEY, providerId: index % 2 === 0 ? 'openai' : 'google' });
  }
  const first = list({ limit: 4 });
  expect(first.map(({ eventId }) => eventId)).toEqual([6, 5, 4, 3]);
  expect(list({ limit: 4, before: 3 }).map(({ eventId }) => eventId)).toEqual([2, 1]);
  expect(list({ providerId: 'google', before: 6 }).map(({ eventId }) => eventId)).toEqual([4, 2]);
});

test('kept for a year: older ones are not shown, and go with the next event', () => {
  trail().note('stored', KEY);
  now += TRAIL_AGE_MS;
  expect(list()).toHaveLength(1);
  now += 1;
  expect(list()).toEqual([]);
  trail().note('deleted', KEY);
  expect(database.sql.prepare('SELECT kind FROM credential_event').pluck().all()).toEqual(['deleted']);
});

test('never more than the newest ones, and no id is given twice', () => {
  trail().note('stored', KEY);
  const columns = 'at, kind, credential_id, provider_id, variable, scope, storage, masked';
  database.sql
    .prepare(
      `WITH RECURSIVE copy(number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM copy WHERE number < ?)
       INSERT INTO credential_event (${columns}) SELECT ${columns} FROM credential_event, copy`,
    )
    .run(TRAIL_LENGTH);
  trail().note('deleted', KEY);
  const [count, oldest] = database.sql
    .prepare<[], [number, number]>('SELECT COUNT(*), MIN(event_id) FROM credential_event')
    .raw()
    .get() ?? [0, 0];
  expect([count, oldest]).toEqual([TRAIL_LENGTH, 2]);
  database.sql.exec('DELETE FROM credential_event');
  trail().note('stored', KEY);
  expect(list()[0]?.eventId).toBe(TRAIL_LENGTH + 2);
});

test.each(['keychain', 'session-only'] as const)('stored, replaced and deleted are noted: %s', async (storage) => {
  await set(SECRET, storage);
  const { credential } = await set(OTHER, storage);
  await service.remove({ credentialId: credential.credentialId });
  expect(list().map(({ kind, masked, storage }) => [kind, masked, storage])).toEqual([
    ['deleted', '••••••••2222', storage],
    ['replaced', '••••••••2222', storage],
    ['stored', '••••••••1111', storage],
  ]);
});

test('a scope that goes takes its credentials along, each noted', async () => {
  await set(SECRET, 'keychain', PROJECT);
  await set(SECRET, 'session-only', PROJECT);
  await set(SECRET);
  await service.removeScope({ kind: 'project', projectDir: '/home/me/project' });
  const deleted = list().filter(({ kind }) => kind === 'deleted');
  expect(deleted.map(({ scope, storage }) => [scope.kind, storage])).toEqual([
    ['project', 'session-only'],
    ['project', 'keychain'],
  ]);
});

test('what was refused is in no trail', async () => {
  await expect(set(' ')).rejects.toMatchObject({ code: 'CREDENTIAL_EMPTY' });
  expect(list()).toEqual([]);
});

test('a credential that cannot be noted is not stored, nor deleted', async () => {
  const { credential } = await set(SECRET);
  database.sql.exec(`CREATE TRIGGER full BEFORE INSERT ON credential_event BEGIN SELECT RAISE(ABORT, 'no'); END`);
  await expect(set(OTHER)).rejects.toThrow('no');
  await expect(set(OTHER, 'session-only')).rejects.toThrow('no');
  expect(service.list()).toEqual([credential]);
});

test('no value is in the database or in what the method answers', async () => {
  const { credential } = await set(SECRET);
  await set(OTHER, 'session-only');
  trail().used({ ...USE, credentials: service.list() });
  await service.remove({ credentialId: credential.credentialId });
  database.sql.pragma('wal_checkpoint(TRUNCATE)');
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const everything = files.join() + JSON.stringify(list());
  const inside = [SECRET, OTHER].flatMap((value) => [value.slice(4, 16), value.slice(20, 44), value.slice(-12)]);
  expect(inside.filter((part) => everything.includes(part))).toEqual([]);
  // What is known of them is there: the search would have found the rest.
  expect(everything).toContain('ANTHROPIC_API_KEY');
  database.sql.prepare('UPDATE credential_event SET masked = ?').run(SECRET);
  database.sql.pragma('wal_checkpoint(TRUNCATE)');
  expect(readFileSync(join(folder, 'perch.db'), 'latin1'), 'control').toContain(SECRET.slice(20, 44));
});
