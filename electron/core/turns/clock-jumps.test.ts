import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHarness, type Harness } from './testing/harness.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

describe.each([
  ['back by an hour', -HOUR],
  ['forwards by an hour', HOUR],
  ['forwards by a year', YEAR],
])('a clock that is set %s', (_, byMs) => {
  test('while a turn runs ends nothing and loses nothing', async () => {
    const { clock, runner, service } = harness;
    const { turnId, sessionId } = await harness.prompted();
    runner.say(turnId, { type: 'agent.message', text: 'before' });
    clock.set(byMs);
    runner.say(turnId, { type: 'agent.message', text: 'after' });
    expect(service.get(turnId).status).toBe('running');
    expect(service.recent().map((turn) => turn.turnId)).toEqual([turnId]);
    runner.finish(turnId);
    const { at } = await harness.event(turnId);
    expect(at).toBe(clock.now());
    expect(service.get(turnId)).toMatchObject({ status: 'completed', endedAt: clock.now() });
    const { events } = service.events({ turnId, after: 0, limit: 10 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.flatMap(({ event }) => (event.type === 'agent.message' ? event.text : []))).toEqual([
      'before',
      'after',
    ]);
    // The conversation goes on, and a turn that ended is still there for those who come late.
    const next = await harness.prompted({ sessionId });
    runner.finish(next.turnId);
    await harness.event(next.turnId);
    expect(
      service
        .recent()
        .map((turn) => turn.turnId)
        .sort(),
    ).toEqual([turnId, next.turnId].sort());
  });

  test('between a crash and the next start leaves no turn open', async () => {
    const { clock } = harness;
    const { turnId } = await harness.prompted();
    clock.set(byMs);
    const next = harness.createService();
    next.recover();
    expect(next.get(turnId).status).toBe('lost');
    await next.dispose();
  });
});
