import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(() => harness.end());

const OWN = 'telemetry.example.org';

function refuse(sessionId: string, turnId: string, host: string): void {
  harness.runner.emit('egress.refused', { sessionId, turnId, host, port: 443, reason: 'not-allowed' });
}

function refusals(turnId: string): unknown[] {
  const { events } = harness.service.events({ turnId, after: 0, limit: 100 });
  return events.flatMap(({ event }) =>
    event.type === 'notice' && event.key === 'notice.host-refused' ? [event.values.host] : [],
  );
}

test('hosts that an agent asks for by itself are in the log only', async () => {
  const { turnId, sessionId } = await harness.prompted();
  refuse(sessionId, turnId, OWN);
  refuse(sessionId, turnId, 'packages.example.org');
  expect(refusals(turnId)).toEqual(['packages.example.org']);
  const lines = harness.logs.lastLines(`session:${sessionId}`, 2);
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ['debug', expect.stringContaining(OWN)],
    ['warn', expect.stringContaining('packages.example.org')],
  ]);
  expect(harness.service.isOwnTraffic(turnId, OWN)).toBe(true);
});

test('while a tool runs it may be the tool that asks, which the user waits for', async () => {
  const { turnId, sessionId } = await harness.prompted();
  const tool = { toolCallId: 't', title: 'Fetch', toolKind: 'execute', content: [], locations: [] };
  harness.runner.emit('turn.event', { sessionId, turnId, event: { type: 'tool.call', status: 'pending', ...tool } });
  refuse(sessionId, turnId, OWN);
  expect(refusals(turnId)).toEqual([OWN]);
  expect(harness.service.isOwnTraffic(turnId, OWN)).toBe(false);
  const done = { type: 'tool.update', toolCallId: 't', status: 'completed' } as const;
  harness.runner.emit('turn.event', { sessionId, turnId, event: done });
  refuse(sessionId, turnId, OWN);
  expect(refusals(turnId)).toEqual([OWN]);
});
