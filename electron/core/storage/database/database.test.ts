import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { MIGRATIONS } from './migrations.ts';

let folder: string;
let ids: number;
const open = (file = join(folder, 'perch.db')) =>
  openDatabase({
    file,
    clock: { now: () => 1, after: () => () => {} },
    random: { uuid: () => `id-${++ids}`, fraction: () => 0 },
  });

beforeEach(() => {
  ids = 0;
  folder = mkdtempSync(join(tmpdir(), 'perch-database-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a new database gets the whole schema and an installation id that stays', () => {
  const first = open();
  expect(first.sql.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  expect(first.sql.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(first.sql.pragma('synchronous', { simple: true })).toBe(2);
  expect(first.installationId).toBe('id-1');
  first.close();
  const second = open();
  expect(second.installationId).toBe('id-1');
  second.close();
});

test('nobody else reads it, wherever it lies', () => {
  chmodSync(folder, 0o755);
  const database = open();
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['perch.db', 'perch.db-shm', 'perch.db-wal']);
  database.close();
});

test('a database from a newer version is refused and left as it is', () => {
  const file = join(folder, 'perch.db');
  const newer = new BetterSqlite3(file);
  newer.exec('CREATE TABLE later (x)');
  newer.pragma(`user_version = ${MIGRATIONS.length + 1}`);
  newer.close();
  expect(() => open()).toThrowError(expect.objectContaining({ code: 'DATABASE_TOO_NEW' }));
  const after = new BetterSqlite3(file);
  expect(after.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
  after.close();
});

test('a file that is no database is called corrupt, not overwritten', () => {
  writeFileSync(
    join(folder, 'perch.db'),
    'this is not a database, and it is long enough to be read as a header'.repeat(20),
  );
  expect(() => open()).toThrowError(expect.objectContaining({ code: 'DATABASE_CORRUPT' }));
});

test('a place that cannot be written says so', () => {
  const inTheWay = join(folder, 'file');
  writeFileSync(inTheWay, '');
  expect(() => open(join(inTheWay, 'perch.db'))).toThrowError(
    expect.objectContaining({ code: 'DATA_DIRECTORY_NOT_WRITABLE', values: { directory: inTheWay } }),
  );
  expect(() => open('/proc/perch/perch.db')).toThrowError(
    expect.objectContaining({ code: 'DATA_DIRECTORY_NOT_WRITABLE' }),
  );
});
