import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentEvent } from '../../../shared/model/run-event.ts';
import { EMPTY_TRANSCRIPT, foldEvents, foldedOf } from '../../../shared/transcript/fold.ts';
import { IDLE_BEFORE_MS, REACHABLE_MS, STEP_PAUSE_MS } from './housekeeping.ts';
import { createHarness, type Harness } from './testing/harness.ts';

const HOUR = 3_600_000;
let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

const say = (text: string): AgentEvent => ({ type: 'agent.message', text });

async function finishedTurn(words = 3, sessionId?: string) {
  const turn = await harness.prompted(sessionId === undefined ? {} : { sessionId });
  for (let word = 1; word <= words; word++) harness.runner.say(turn.turnId, say(`word ${word} `));
  harness.runner.finish(turn.turnId);
  await harness.event(turn.turnId);
  return turn;
}

const eventsIn = (turnId: string) => harness.service.events({ turnId, after: 0, limit: 5000 });
const kept = () => harness.database.sql.prepare('SELECT COUNT(*) FROM run_event').pluck().get();
/** Long enough for every step that is due. */
const tidyUp = () => harness.clock.advance(IDLE_BEFORE_MS + 200 * STEP_PAUSE_MS);

test('after a day the events make way for the transcript, which says the same', async () => {
  const { turnId } = await finishedTurn(1200);
  const before = eventsIn(turnId);
  const transcript = foldedOf(foldEvents(EMPTY_TRANSCRIPT, before.events).transcript);
  harness.clock.advance(23 * HOUR);
  expect(eventsIn(turnId).events).toHaveLength(before.events.length);
  harness.clock.advance(2 * HOUR);
  tidyUp();
  const after = eventsIn(turnId);
  expect(after).toEqual({ turn: before.turn, events: [], folded: transcript });
  expect(transcript.items).toHaveLength(1);
  expect(kept()).toBe(0);
});

test('a turn that runs puts it off, and its end takes it up again', async () => {
  await finishedTurn();
  harness.clock.advance(24 * HOUR - 60_000);
  const running = await harness.prompted();
  harness.clock.advance(HOUR);
  tidyUp();
  const before = kept();
  harness.runner.finish(running.turnId);
  await harness.event(running.turnId);
  tidyUp();
  expect(kept()).toBeLessThan(Number(before));
});

test('too large a database lets the oldest go early, but never within ten minutes of its end', async () => {
  const { turnId } = await finishedTurn();
  harness.limits.maxEventsMb = 0;
  tidyUp();
  expect(eventsIn(turnId).folded).toBeUndefined();
  harness.clock.advance(2 * REACHABLE_MS);
  tidyUp();
  expect(eventsIn(turnId).folded).toBeDefined();
});

test('a process that died between transcript and deletion is gone on with', async () => {
  const { turnId } = await finishedTurn(1200);
  harness.database.sql
    .prepare('INSERT INTO turn_transcript (turn_id, transcript) VALUES (?, ?)')
    .run(turnId, JSON.stringify({ seq: 1, items: [] }));
  expect(eventsIn(turnId).events.length).toBeGreaterThan(1200);
  harness.clock.advance(25 * HOUR);
  tidyUp();
  expect(eventsIn(turnId).folded).toEqual({ seq: 1, items: [] });
});

test('what was freed goes back to the disk', async () => {
  await finishedTurn(4000);
  const pages = () => harness.database.sql.pragma('page_count', { simple: true }) as number;
  const before = pages();
  harness.clock.advance(25 * HOUR);
  tidyUp();
  expect(harness.database.sql.pragma('freelist_count', { simple: true })).toBe(0);
  expect(pages()).toBeLessThan(before / 2);
});

test('the write-ahead log stays small however long a turn streams', async () => {
  const turn = await harness.prompted();
  const text = 'x'.repeat(4000);
  for (let word = 0; word < 4000; word++) harness.runner.say(turn.turnId, say(text));
  expect(statSync(`${harness.database.sql.name}-wal`).size).toBeLessThan(8 * 1024 * 1024);
});

test('with nothing to do there is no timer', async () => {
  const { turnId } = await finishedTurn();
  harness.clock.advance(25 * HOUR);
  tidyUp();
  expect(eventsIn(turnId).folded).toBeDefined();
  harness.clock.advance(10 * 60_000);
  expect(harness.clock.waiting()).toBe(0);
});

test('a deleted conversation is gone with its log, another is not', async () => {
  const one = await finishedTurn();
  await finishedTurn(3, one.sessionId);
  const other = await finishedTurn();
  await expect(harness.service.deleteSession(one.sessionId)).resolves.toBe(2);
  expect(() => harness.service.get(one.turnId)).toThrowError(expect.objectContaining({ code: 'NOT_FOUND' }));
  expect(harness.logs.list().map(({ log }) => log)).toEqual([`session:${other.sessionId}`]);
  expect(eventsIn(other.turnId).events.length).toBeGreaterThan(3);
  await expect(harness.service.deleteSession(one.sessionId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a conversation with a running turn is not deleted', async () => {
  const { sessionId, turnId } = await harness.prompted();
  await expect(harness.service.deleteSession(sessionId)).rejects.toMatchObject({ code: 'SESSION_BUSY' });
  expect(harness.service.get(turnId).endedAt).toBeUndefined();
});

test('an end that is missing is added at the next start, and one that stands alone closes its turn', async () => {
  const [without, alone] = [await finishedTurn(), await finishedTurn()];
  const { sql } = harness.database;
  sql
    .prepare(`DELETE FROM run_event WHERE turn_id = ? AND json_extract(event, '$.type') = 'turn.ended'`)
    .run(without.turnId);
  sql.prepare(`UPDATE turn SET ended_at = NULL, status = 'running' WHERE turn_id = ?`).run(alone.turnId);
  const again = harness.createService();
  again.recover();
  const end = again.events({ turnId: without.turnId, after: 0, limit: 100 }).events.at(-1);
  expect(end?.event).toEqual({ type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } });
  expect(again.get(alone.turnId)).toMatchObject({ status: 'completed', endedAt: expect.any(Number) });
  await again.dispose();
});

test('the database itself refuses a second end and a changed event', async () => {
  const { turnId } = await finishedTurn();
  const { sql } = harness.database;
  const again = () =>
    sql
      .prepare(
        `INSERT INTO run_event SELECT turn_id, seq + 1, at, event FROM run_event WHERE turn_id = ? ORDER BY seq DESC LIMIT 1`,
      )
      .run(turnId);
  expect(again).toThrowError(/UNIQUE/);
  expect(() => sql.prepare(`UPDATE run_event SET at = 0 WHERE turn_id = ?`).run(turnId)).toThrowError(/appended/);
});
