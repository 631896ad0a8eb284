import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endLostTurns } from '../../../turns/recovery.ts';
import { createTurnStore } from '../../../turns/turn-store.ts';
import type { LogStore } from '../../logs/log-store.ts';
import { type Database, openDatabase } from '../database.ts';
import { MIGRATIONS } from '../migrations.ts';
import { JSON_COLUMNS } from './copy-readable-rows.ts';
import { openOrRecover } from './open-or-recover.ts';
import { createRecoveryStore } from './recovery-store.ts';

const PAGE = 4096;
const NOW = Date.UTC(2026, 10, 22, 12, 30, 0);
let folder: string;
let file: string;
let problems: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-recovery-'));
  file = join(folder, 'perch.db');
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { now: () => NOW, after: () => () => {} };
let ids = 0;
const random = { uuid: () => `installation-${++ids}`, fraction: () => 0 };
const open = () => openOrRecover({ file, clock, random, onProblem: (message) => void problems.push(message) });
const store = (database: Database) => createTurnStore(database);

/** Twenty turns of fifty events each, a credential, a variable and a setting. */
function fill(database: Database): void {
  const turns = store(database);
  for (let turn = 0; turn < 20; turn++) {
    const turnId = `turn-${turn}`;
    const facts = { agentId: 'demo', model: '', projectDir: '/', prompt: `prompt ${turn}` };
    const event = { type: 'turn.accepted', ...facts } as const;
    turns.accept({ turnId, sessionId: 's', bodyHash: '', ...facts }, { event, at: turn, status: 'accepted' });
    for (let seq = 2; seq < 50; seq++) {
      turns.append({ turnId, event: { type: 'agent.message', text: `word ${seq} `.repeat(20) }, at: turn });
    }
    const end = { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } } as const;
    turns.append({ turnId, event: end, at: turn, status: 'completed' });
  }
  database.sql.exec(`
    INSERT INTO credential (credential_id, provider_id, variable, scope_kind, scope_key, masked, keychain_items, created_at, updated_at)
      VALUES ('c', 'openai', 'OPENAI_API_KEY', 'global', '', '••••', 1, 1, 1);
    INSERT INTO variable VALUES ('v', 'EDITOR', 'global', '', 'plain', 'vi', 0, 1, 1);
    INSERT INTO setting VALUES ('locale', '"de"');
  `);
}

/** Overwrites a page of a table: its leaf by number, or with \`root\` the page that leads to all of them. */
function damage(table: string, which: number | 'root'): void {
  const sql = new BetterSqlite3(file, { readonly: true });
  const wanted = which === 'root' ? "pagetype = 'internal'" : "pagetype = 'leaf'";
  const pages = sql
    .prepare<[string], number>(`SELECT pageno FROM dbstat WHERE name = ? AND ${wanted} ORDER BY path`)
    .pluck()
    .all(table);
  sql.close();
  const page = pages[which === 'root' ? 0 : which];
  if (page === undefined) throw new Error(`${table} has no such page`);
  overwrite(page);
}

function overwrite(page: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, (page - 1) * PAGE, page * PAGE);
  writeFileSync(file, bytes);
}

/** Everything that has to hold of a database that people go on with. */
function expectSound(database: Database): void {
  const { sql } = database;
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(sql.pragma('foreign_key_check')).toEqual([]);
  expect(sql.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  endLostTurns({
    store: store(database),
    logs: {
      writer: () => ({ write: () => ({ log: 'core', segment: 1, offset: 0 }) }),
      failureLines: () => [],
    } as unknown as LogStore,
    clock,
    isActive: () => false,
    onRunEvent: () => {},
  });
  for (const { turnId, lastSeq } of store(database).list({ limit: 100 })) {
    const events = store(database).events({ turnId, after: 0, limit: 100 });
    expect(
      events.map(({ seq }) => seq),
      turnId,
    ).toEqual(events.map((_, index) => index + 1));
    expect([events[0]?.event.type, events.at(-1)?.event.type]).toEqual(['turn.accepted', 'turn.ended']);
    expect(lastSeq).toBe(events.length);
  }
}

test('a sound database is opened as it is, and its id is kept beside it', () => {
  const database = open();
  fill(database);
  const { installationId } = database;
  database.close();
  const again = open();
  expect(again.installationId).toBe(installationId);
  expect(createRecoveryStore(again).unseen()).toBeUndefined();
  again.close();
  expect(readFileSync(join(folder, 'installation'), 'utf8')).toBe(`${installationId}\n`);
  expect(statSync(join(folder, 'installation')).mode & 0o777).toBe(0o600);
  expect([problems, readdirSync(folder).sort()]).toEqual([[], ['installation', 'perch.db']]);
});

describe('a damaged database', () => {
  test('is set aside under a dated name, byte for byte, and a new one goes on with all that can be read', () => {
    const database = open();
    fill(database);
    const { installationId } = database;
    database.close();
    damage('run_event', 3);
    const damaged = readFileSync(file);

    const recovered = open();
    expect(recovered.installationId).toBe(installationId);
    const movedTo = `${file}.damaged-2026-11-22T12-30-00Z`;
    expect(readFileSync(movedTo).equals(damaged)).toBe(true);
    expect(createRecoveryStore(recovered).unseen()).toEqual({
      at: NOW,
      movedTo,
      areas: [
        { area: 'conversations', state: 'partly', kept: 20 },
        { area: 'credentials', state: 'whole', kept: 1 },
        { area: 'variables', state: 'whole', kept: 1 },
        { area: 'settings', state: 'whole', kept: 1 },
      ],
    });
    expectSound(recovered);
    const lengths = store(recovered)
      .list({ limit: 100 })
      .map(({ lastSeq }) => lastSeq);
    // One leaf holds some thirty events: of twenty turns at most three lost some of theirs.
    expect(lengths.filter((length) => length === 50).length).toBeGreaterThanOrEqual(17);
    expect(lengths.filter((length) => length < 50).length).toBeGreaterThan(0);
    expect(problems).toHaveLength(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    createRecoveryStore(recovered).markSeen();
    recovered.close();
    const third = open();
    expect(createRecoveryStore(third).unseen()).toBeUndefined();
    expect(createRecoveryStore(third).newest()?.movedTo).toBe(movedTo);
    third.close();
  });

  test('of which nothing can be read leaves its id, by the file beside it', () => {
    const database = open();
    fill(database);
    const { installationId } = database;
    database.close();
    overwrite(1);
    const recovered = open();
    expect(recovered.installationId).toBe(installationId);
    expect(
      createRecoveryStore(recovered)
        .unseen()
        ?.areas.map(({ state, kept }) => [state, kept]),
    ).toEqual(Array.from({ length: 4 }, () => ['nothing', 0]));
    expectSound(recovered);
    recovered.close();
  });

  test('keeps its turns when the way to their events is gone', () => {
    const database = open();
    fill(database);
    database.close();
    damage('run_event', 'root');
    const recovered = open();
    const turns = store(recovered).list({ limit: 100 });
    expect(turns).toHaveLength(20);
    expect(store(recovered).events({ turnId: 'turn-3', after: 0, limit: 9 })[0]?.event).toMatchObject({
      type: 'turn.accepted',
      prompt: 'prompt 3',
    });
    expectSound(recovered);
    recovered.close();
  });

  test('takes what was only in the log along, and the log goes with it', () => {
    const database = open();
    fill(database);
    database.sql.pragma('wal_checkpoint(TRUNCATE)');
    const facts = { agentId: 'demo', model: '', projectDir: '/', prompt: 'late' };
    store(database).accept(
      { turnId: 'late', sessionId: 's', bodyHash: '', ...facts },
      { event: { type: 'turn.accepted', ...facts }, at: 99, status: 'accepted' },
    );
    // As a process that was killed leaves it: the log is there, and nobody folded it back.
    const asLeft = ['', '-wal', '-shm'].map((part) => [part, readFileSync(`${file}${part}`)] as const);
    database.close();
    for (const [part, bytes] of asLeft) writeFileSync(`${file}${part}`, bytes);
    damage('run_event', 2);
    const recovered = open();
    expect(store(recovered).get('late')).toMatchObject({ turnId: 'late' });
    expectSound(recovered);
    recovered.close();
    const aside = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    expect(aside.map((name) => name.slice(name.indexOf('Z') + 1)).sort()).toEqual(['', '-shm', '-wal']);
  });

  test('of an earlier version is brought up to this one', () => {
    const old = new BetterSqlite3(file);
    for (const step of MIGRATIONS.slice(0, 5)) old.exec(step);
    old.pragma('user_version = 5');
    old.exec("INSERT INTO installation VALUES ('of-old', 1, 'Secret Service')");
    const insert = old.prepare("INSERT INTO credential VALUES (?, 'openai', ?, 'global', '', '••', 1, 1, 1)");
    for (let number = 0; number < 200; number++) insert.run(`c${number}`, `KEY_${number}`);
    old.close();
    damage('credential', 1);
    const recovered = open();
    expect(recovered.installationId).toBe('of-old');
    const kept = recovered.sql.prepare('SELECT count(*) FROM credential').pluck().get() as number;
    expect([kept > 100, kept < 200]).toEqual([true, true]);
    expect(recovered.sql.prepare('SELECT keychain_store FROM installation').pluck().get()).toBe('Secret Service');
    expectSound(recovered);
    recovered.close();
  });

  test.each([0, 1, 2, 3])('is recovered whole when the exchange was interrupted after %i renames', (done) => {
    const database = open();
    fill(database);
    database.close();
    for (const part of ['-wal', '-shm']) writeFileSync(`${file}${part}`, '');
    damage('run_event', 3);
    open().close();
    const [aside = ''] = readdirSync(folder).filter((name) => /Z$/.test(name));
    // Back to the moment when the new one was complete, then on by so many steps.
    renameSync(file, `${file}.recovered`);
    const parts = ['-wal', '-shm', ''];
    for (const part of parts.slice(done)) renameSync(join(folder, `${aside}${part}`), `${file}${part}`);
    const again = open();
    expect(store(again).list({ limit: 100 })).toHaveLength(20);
    expectSound(again);
    again.close();
    expect(readdirSync(folder).sort()).toEqual(
      ['installation', 'perch.db', ...parts.map((part) => `${aside}${part}`)].sort(),
    );
  });

  test('a second one of the same moment takes no name that is taken', () => {
    for (let time = 0; time < 2; time++) {
      const database = open();
      if (time === 0) fill(database);
      database.close();
      overwrite(1);
    }
    open().close();
    expect(readdirSync(folder).filter((name) => name.includes('.damaged-'))).toHaveLength(2);
  });

  test('whatever pages are damaged: there is a sound one afterwards, of the same installation', {
    timeout: 120_000,
  }, () => {
    const database = open();
    fill(database);
    const { installationId } = database;
    database.close();
    const whole = readFileSync(file);
    const pages = whole.length / PAGE;
    const hit = fc.record({ page: fc.integer({ min: 0, max: pages - 1 }), at: fc.integer({ min: 0, max: PAGE - 64 }) });
    let recoveries = 0;
    fc.assert(
      fc.property(fc.array(hit, { minLength: 1, maxLength: 6 }), (hits) => {
        for (const name of readdirSync(folder)) if (name !== 'installation') rmSync(join(folder, name));
        const bytes = Buffer.from(whole);
        for (const { page, at } of hits) bytes.fill(0x5a, page * PAGE + at, page * PAGE + at + 64);
        // The version is what an older Perch would refuse by: not what is tried here.
        whole.copy(bytes, 60, 60, 64);
        writeFileSync(file, bytes);
        const after = open();
        if (createRecoveryStore(after).unseen() !== undefined) {
          recoveries++;
          expect(after.installationId).toBe(installationId);
          expectSound(after);
        }
        after.close();
      }),
      { numRuns: 40 },
    );
    expect(recoveries).toBeGreaterThan(10);
  });
});

test('an event that is JSON and none of ours does not come over, nor what followed it', () => {
  const database = open();
  fill(database);
  const damagedEvent = `UPDATE run_event SET event = '{"type":"turn.aZZZZ","prompt":"x"}' WHERE turn_id = ? AND seq = ?`;
  database.sql.exec('DROP TRIGGER run_event_append_only');
  database.sql.prepare(damagedEvent).run('turn-3', 1);
  database.sql.prepare(damagedEvent).run('turn-4', 20);
  database.close();
  damage('run_event', 7);
  const after = open();
  expect(createRecoveryStore(after).unseen()).toBeDefined();
  const typesOf = (turnId: string) =>
    store(after)
      .events({ turnId, after: 0, limit: 100 })
      .map(({ event }) => event.type);
  expect(typesOf('turn-3')).toEqual(['turn.accepted']);
  expect(typesOf('turn-4')).toEqual(['turn.accepted', ...Array(18).fill('agent.message')]);
  expectSound(after);
  after.close();
});

test('every column that the schema calls JSON has to be JSON to come over', () => {
  const database = open();
  const tables = database.sql
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL",
    )
    .all();
  database.close();
  const called = tables.flatMap(({ name, sql }) =>
    [...sql.matchAll(/^\s*(\w+) TEXT[^\n]*-- JSON/gm)].map(([, column = '']) => [name, column] as const),
  );
  // Positive control: there are some.
  expect(called.length).toBeGreaterThan(5);
  for (const [table, column] of called) expect(JSON_COLUMNS[table], table).toContain(column);
});

describe('what is no damage is left alone', () => {
  test('a newer version', () => {
    const database = open();
    database.sql.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(open).toThrowError(expect.objectContaining({ code: 'DATABASE_TOO_NEW' }));
    expect(readdirSync(folder).some((name) => name.includes('.damaged-'))).toBe(false);
  });

  test('somebody else who holds it', () => {
    openDatabase({ file, clock, random }).close();
    const holder = new BetterSqlite3(file);
    holder.pragma('journal_mode = DELETE');
    holder.exec('BEGIN EXCLUSIVE');
    expect(open).toThrowError(expect.objectContaining({ code: 'DATABASE_LOCKED' }));
    holder.close();
    expect(existsSync(file)).toBe(true);
    expect(readdirSync(folder).some((name) => name.includes('.damaged-'))).toBe(false);
  });

  test('a database that the user took away: its keychain items are nobody’s any more', () => {
    const first = open();
    const { installationId } = first;
    first.close();
    rmSync(file);
    const second = open();
    expect(second.installationId).not.toBe(installationId);
    second.close();
    expect(readFileSync(join(folder, 'installation'), 'utf8')).toBe(`${second.installationId}\n`);
  });
});
