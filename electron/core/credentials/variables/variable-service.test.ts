import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../../shared/model/credential.ts';
import { routingOf } from '../../../../shared/variables/routing.ts';
import type { Keychain } from '../../ports.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createVariableService, type VariableService } from './variable-service.ts';

const GLOBAL: Scope = { kind: 'global' };
const PROJECT: Scope = { kind: 'project', projectDir: '/p' };
const AGENT: Scope = { kind: 'agent', agentId: 'codex' };
const HERE = { agentId: 'codex', projectDir: '/p' };
const CANARY = 'canary-3f1c77d0-value-of-a-secret';

let folder: string;
let items: Map<string, string>;
let locked: boolean;
let ids: number;
let database: Database;
let service: VariableService;

const guarded = <T>(work: () => T): T => {
  if (locked) throw new PerchError('KEYCHAIN_LOCKED');
  return work();
};
const keychain: Keychain = {
  store: 'Secret Service',
  get: async (account) => guarded(() => items.get(account) ?? null),
  set: async (account, value) => guarded(() => void items.set(account, value)),
  delete: async (account) => guarded(() => items.delete(account)),
  list: async () => guarded(() => [...items.keys()]),
  check: async () => ({ state: 'available', store: 'Secret Service' }),
};
const clock = { now: () => 1, after: () => () => {} };
const random = { uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`, fraction: () => 0 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-variables-'));
  items = new Map();
  locked = false;
  ids = 0;
  database = openDatabase({ file: join(folder, 'perch.db'), clock, random });
  service = createVariableService({
    database,
    keychain,
    isRouting: routingOf(['*_BASE_URL']),
    isCredential: (name) => name === 'OPENAI_API_KEY',
    clock,
    random,
  });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const set = (
  name: string,
  value: string,
  scope: Scope = GLOBAL,
  storage: 'plain' | 'keychain' | 'session-only' = 'plain',
) => service.set({ name, value, scope, storage });
const effective = () => service.inEffect(HERE).map(({ variable, hides }) => [variable.name, variable.shown, hides]);
const onDisk = (text: string) => readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(text));

test('the most specific one wins, and says which it hides', async () => {
  await set('A', 'global');
  await set('A', 'project', PROJECT);
  await set('A', 'agent', AGENT);
  await set('B', 'other', { kind: 'agent', agentId: 'opencode' });
  expect(effective()).toEqual([['A', 'agent', ['project', 'global']]]);
});

test('a replaced value has another id, so that no session with the former one is used again', async () => {
  const first = await set('A', 'one');
  const second = await set('A', 'two');
  expect(second.replaced).toBe(true);
  expect(second.variable.variableId).not.toBe(first.variable.variableId);
  expect(service.list()).toEqual([second.variable]);
});

test('a secret is in the keychain and nowhere on disk; a plain value is', async () => {
  await set('SECRET', CANARY, GLOBAL, 'keychain');
  await set('GONE_LATER', `${CANARY}-in-memory`, GLOBAL, 'session-only');
  await set('PLAIN', 'seen-on-disk-7781');
  expect(onDisk('seen-on-disk-7781')).toBe(true);
  expect(onDisk('canary-3f1c77d0')).toBe(false);
  expect([...items.values()]).toEqual([CANARY]);
  expect(JSON.stringify(service.list())).not.toContain(CANARY);
  const values = await service.readSecrets(service.inEffect(HERE));
  expect([...values.values()].sort()).toEqual([CANARY, `${CANARY}-in-memory`]);
});

test('one name at one scope is one variable, wherever it is kept', async () => {
  await set('A', 'one', GLOBAL, 'session-only');
  await set('A', CANARY, GLOBAL, 'keychain');
  await set('A', 'plain');
  expect(effective()).toEqual([['A', 'plain', []]]);
  expect(items.size).toBe(0);
});

test('after a keychain that fails the former value is in place', async () => {
  await set('A', 'former');
  locked = true;
  await expect(set('A', CANARY, GLOBAL, 'keychain')).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  expect(effective()).toEqual([['A', 'former', []]]);
});

test('what a locked keychain keeps is deleted when it can be', async () => {
  const { variable } = await set('A', CANARY, GLOBAL, 'keychain');
  locked = true;
  await service.remove(variable);
  expect(items.size).toBe(1);
  locked = false;
  await service.sweep();
  expect(items.size).toBe(0);
});

test('a secret that is gone from the keychain is an error, never an empty variable', async () => {
  await set('A', CANARY, GLOBAL, 'keychain');
  items.clear();
  await expect(service.readSecrets(service.inEffect(HERE))).rejects.toMatchObject({ code: 'VARIABLE_UNREADABLE' });
});

test('removing names the wider ones that take over; a removed scope takes its secrets along', async () => {
  await set('A', 'global');
  const { variable } = await set('A', 'agent', AGENT);
  await set('A', 'project', PROJECT);
  const { takeOver } = await service.remove(variable);
  expect(takeOver.map(({ shown }) => shown)).toEqual(['project', 'global']);
  await service.removeScope(PROJECT);
  await set('S', CANARY, AGENT, 'keychain');
  await service.removeScope({ kind: 'agent', agentId: 'codex' });
  expect(items.size).toBe(0);
  expect(effective()).toEqual([['A', 'global', []]]);
  await expect(service.remove(variable)).rejects.toMatchObject({ code: 'VARIABLE_NOT_FOUND' });
});

test('two hundred a scope, wherever they are kept', async () => {
  for (let at = 0; at < 199; at++) await set(`A${at}`, 'x');
  await set('LAST', 'x', GLOBAL, 'session-only');
  await expect(set('MORE', 'x')).rejects.toMatchObject({ code: 'VARIABLES_TOO_MANY' });
  await expect(set('MORE', 'x', GLOBAL, 'session-only')).rejects.toMatchObject({ code: 'VARIABLES_TOO_MANY' });
  await set('A0', 'replaced');
  await set('MORE', 'x', PROJECT);
});

test.each([
  ['LD_PRELOAD', 'x', 'VARIABLE_RESERVED'],
  ['Path', 'x', 'VARIABLE_RESERVED'],
  ['openai_base_url', 'x', 'VARIABLE_OF_PROVIDER'],
  ['OPENAI_API_KEY', 'x', 'VARIABLE_OF_PROVIDER'],
  ['A', 'a\0b', 'VARIABLE_HAS_NUL'],
  ['A', 'ü'.repeat(32 * 1024 + 1), 'VARIABLE_TOO_LARGE'],
])('%s is refused', async (name, value, code) => {
  await expect(set(name, value)).rejects.toMatchObject({ code });
  expect(service.list()).toEqual([]);
});

test('a value of exactly the limit, and an empty plain one, are kept', async () => {
  await set('A', 'ü'.repeat(32 * 1024));
  await set('B', '');
  await expect(set('C', '', GLOBAL, 'keychain')).rejects.toMatchObject({ code: 'CREDENTIAL_EMPTY' });
  expect(service.list()).toHaveLength(2);
});

test('what is no name is refused, and not repeated: it may be a secret', async () => {
  const notNames = fc.string({ minLength: 1 }).filter((text) => !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(text));
  await fc.assert(
    fc.asyncProperty(fc.oneof(notNames, fc.constant('A'.repeat(129)), fc.constant('A\n')), async (name) => {
      await expect(set(name, 'x')).rejects.toMatchObject({ code: 'VARIABLE_NAME_INVALID', values: { variable: '…' } });
    }),
  );
});

test('what is kept for this session goes at its end', async () => {
  await set('A', CANARY, GLOBAL, 'session-only');
  await set('B', 'stays');
  const [held] = service.inEffect(HERE);
  await service.dispose();
  expect(effective()).toEqual([['B', 'stays', []]]);
  await expect(service.readSecrets(held === undefined ? [] : [held])).rejects.toMatchObject({
    code: 'VARIABLE_UNREADABLE',
  });
});
