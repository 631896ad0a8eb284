import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createMemoryKeychain } from '../../keychain/memory.ts';
import type { Keychain } from '../../ports.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createVariableStorage } from './variable-storage.ts';
import type { StoredVariable } from './variable-store.ts';

const clock = { now: () => 1, after: () => () => {} };
const random = { uuid: () => '00000000-0000-4000-8000-000000000001', fraction: () => 0 };

let folder: string;
let database: Database;
let memory: Keychain;
let isLocked: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-variable-storage-'));
  database = openDatabase({ file: join(folder, 'perch.db'), clock, random });
  memory = createMemoryKeychain();
  isLocked = false;
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () =>
  createVariableStorage({
    database,
    keychain: {
      ...memory,
      async delete(account) {
        if (isLocked) throw new PerchError('KEYCHAIN_LOCKED');
        return memory.delete(account);
      },
    },
  });

const variable = (variableId: string, storage: StoredVariable['storage']): StoredVariable => ({
  variableId,
  name: 'NAME',
  scope: { kind: 'global' },
  storage,
  shown: '…',
  items: storage === 'plain' ? 0 : 1,
  createdAt: 1,
  updatedAt: 1,
});

test('a value lies where its storage says, and moving it leaves none behind', async () => {
  const stored = open();
  await stored.save(variable('a', 'keychain'), 'first');
  expect(await stored.read(variable('a', 'keychain'))).toBe('first');
  expect(await memory.list()).toHaveLength(1);

  expect(await stored.save(variable('b', 'session-only'), 'second')).toMatchObject({ variableId: 'a' });
  expect(await stored.valuesInMemory()).toEqual(['second']);
  expect(await memory.list()).toEqual([]);

  expect(await stored.save(variable('c', 'plain'), 'third')).toMatchObject({ variableId: 'b' });
  expect(await stored.valuesInMemory()).toEqual([]);
  expect(stored.list()).toEqual([variable('c', 'plain')]);
});

test('items that a locked keychain does not delete are deleted later', async () => {
  const stored = open();
  await stored.save(variable('a', 'keychain'), 'first');
  isLocked = true;
  await stored.forget(variable('a', 'keychain'));
  await stored.sweep();
  expect(stored.list()).toEqual([]);
  expect(await memory.list()).toHaveLength(1);

  isLocked = false;
  await open().sweep();
  expect(await memory.list()).toEqual([]);
});

test('variables in memory are gone with the process, and only those', async () => {
  const stored = open();
  await stored.save(variable('a', 'session-only'), 'first');
  await stored.save({ ...variable('b', 'plain'), name: 'OTHER' }, 'second');
  await stored.forgetInMemory();
  expect(await stored.valuesInMemory()).toEqual([]);
  expect(open().list()).toEqual([{ ...variable('b', 'plain'), name: 'OTHER' }]);
});
