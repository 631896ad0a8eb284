import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHarness, type Harness } from './testing/harness.ts';
import { SAVE_AGAIN_MS } from './unsaved-ends.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

/** SQLite's own limit: what does not fit is refused just as on a full disk. */
function fillDisk(): void {
  for (const connection of [harness.database.sql, harness.database.stream]) {
    connection.pragma(`max_page_count = ${connection.pragma('page_count', { simple: true })}`);
  }
}
/** Not even the end fits. */
const REFUSE = "CREATE TRIGGER full BEFORE INSERT ON run_event BEGIN SELECT RAISE (ABORT, 'no room'); END";
const text = 'x'.repeat(200_000);

test('a turn that the disk has no room for ends at once for those who look, and is saved when there is room', async () => {
  const { service, runner, clock } = harness;
  const { turnId, sessionId } = await harness.prompted();
  fillDisk();
  const changes = harness.counts.turnsChanged;
  runner.say(turnId, { type: 'agent.message', text });
  // The agent may not go on doing what nobody can record.
  await runner.called('session.close', (params) => params.sessionId === sessionId);
  const expected = { status: 'failed', failure: { error: { code: 'DISK_FULL' } }, endedAt: clock.now() };
  expect(service.get(turnId)).toMatchObject(expected);
  expect(service.recent()[0]).toMatchObject(expected);
  expect(service.list({ limit: 1 })[0]).toMatchObject(expected);
  expect(service.events({ turnId, after: 0, limit: 100 }).turn).toMatchObject(expected);
  expect(harness.counts.turnsChanged).toBeGreaterThan(changes);
});

test('as long as there is no room it is tried again and again, and told once', async () => {
  const { service, runner, clock } = harness;
  const { turnId } = await harness.prompted();
  const sql = harness.database.sql;
  sql.exec(REFUSE);
  runner.finish(turnId);
  await clock.scheduled(SAVE_AGAIN_MS);
  expect(service.get(turnId).status).toBe('completed');
  for (let tries = 0; tries < 3; tries++) clock.advance(SAVE_AGAIN_MS);
  expect(harness.typesOf(turnId)).not.toContain('turn.ended');
  sql.exec('DROP TRIGGER full');
  clock.advance(SAVE_AGAIN_MS);
  expect(harness.typesOf(turnId).filter((type) => type === 'turn.ended')).toHaveLength(1);
  expect(service.get(turnId).status).toBe('completed');
  const { events } = service.events({ turnId, after: 0, limit: 100 });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.at(-1)?.event).toMatchObject({ type: 'turn.ended', result: { outcome: 'completed' } });
});

test('what could not be saved before the end of the process is lost for the next one', async () => {
  const { runner, clock, database } = harness;
  const { turnId } = await harness.prompted();
  database.sql.exec(REFUSE);
  runner.finish(turnId);
  await clock.scheduled(SAVE_AGAIN_MS);
  await harness.service.dispose();
  database.sql.exec('DROP TRIGGER full');
  const next = harness.createService();
  next.recover();
  expect(next.get(turnId).status).toBe('lost');
  await next.dispose();
});
