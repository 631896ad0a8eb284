import { expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createTurnLimits } from './turn-limits.ts';

function setUp(rules: { maxMinutes?: number; maxToolCalls?: number }) {
  const clock = createManualClock();
  const reached: unknown[] = [];
  const limits = createTurnLimits(clock, rules, (...limit) => void reached.push(limit));
  return { clock, reached, limits };
}

it('minutes are reached once, and not after the end of the turn', () => {
  const running = setUp({ maxMinutes: 2 });
  running.clock.advance(119_999);
  expect(running.reached).toEqual([]);
  running.clock.advance(1);
  expect(running.reached).toEqual([['TURN_LIMIT_MINUTES', 2]]);
  const over = setUp({ maxMinutes: 2 });
  over.limits.stop();
  over.clock.advance(200_000);
  expect(over.reached).toEqual([]);
});

it('tool calls are reached by the first beyond those that are allowed', () => {
  const { limits, reached } = setUp({ maxToolCalls: 2 });
  limits.toolCall();
  limits.toolCall();
  expect(reached).toEqual([]);
  limits.toolCall();
  expect(reached).toEqual([['TURN_LIMIT_TOOL_CALLS', 2]]);
});

it('without rules there is no limit', () => {
  const { clock, limits, reached } = setUp({});
  for (let count = 0; count < 1000; count++) limits.toolCall();
  clock.advance(1e9);
  expect(reached).toEqual([]);
});
