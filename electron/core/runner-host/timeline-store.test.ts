import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { createTimelineStore, KEPT_EVENTS } from './timeline-store.ts';

let folder: string;
let database: Database;
const open = () =>
  openDatabase({
    file: join(folder, 'perch.db'),
    clock: { now: () => 1, after: () => () => {} },
    random: { uuid: () => 'id', fraction: () => 0 },
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-timeline-'));
  database = open();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what was appended is there after a restart, oldest first', () => {
  const store = createTimelineStore(database);
  store.append({ at: 1, kind: 'started', pid: 9 });
  store.append({ at: 2, kind: 'exited', pid: 9, signal: 'SIGKILL' });
  store.append({ at: 3, kind: 'backoff', delayMs: 120 });
  database.close();
  database = open();
  expect(createTimelineStore(database).list()).toEqual([
    { at: 1, kind: 'started', pid: 9 },
    { at: 2, kind: 'exited', pid: 9, signal: 'SIGKILL' },
    { at: 3, kind: 'backoff', delayMs: 120 },
  ]);
});

test('only the newest are kept', () => {
  const store = createTimelineStore(database);
  database.sql.transaction(() => {
    for (let at = 1; at <= KEPT_EVENTS + 20; at++) store.append({ at, kind: 'started' });
  })();
  const kept = store.list();
  expect(kept.length).toBe(KEPT_EVENTS);
  expect([kept[0]?.at, kept.at(-1)?.at]).toEqual([21, KEPT_EVENTS + 20]);
});

test('an entry of a kind that this version does not know is left out and kept', () => {
  database.sql.exec(`INSERT INTO supervisor_event (at, event) VALUES (1, '{"at":1,"kind":"adopted"}')`);
  const store = createTimelineStore(database);
  store.append({ at: 2, kind: 'started' });
  expect(store.list()).toEqual([{ at: 2, kind: 'started' }]);
  expect(database.sql.prepare('SELECT count(*) FROM supervisor_event').pluck().get()).toBe(2);
});
