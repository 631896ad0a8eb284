import { expect, test } from 'vitest';
import type { SupervisorEvent } from '../../shared/model/connection-state.ts';
import { attemptsOf, causeKey } from './attempts.ts';

const EVENTS: readonly SupervisorEvent[] = [
  { at: 1, kind: 'started', pid: 10 },
  { at: 2, kind: 'reset' },
  { at: 3, kind: 'exited', pid: 10 },
  { at: 4, kind: 'started', pid: 11 },
  { at: 5, kind: 'ready', pid: 11 },
  { at: 6, kind: 'left-over-ended', pid: 9 },
  { at: 7, kind: 'unresponsive', pid: 11 },
  { at: 8, kind: 'exited', pid: 11, signal: 'SIGKILL' },
  { at: 8, kind: 'backoff', delayMs: 250 },
  { at: 9, kind: 'started', pid: 12 },
  { at: 10, kind: 'exited', pid: 12, exitCode: 3 },
  { at: 10, kind: 'breaker-opened' },
];

test('each life has its start, its end and its cause; what was before the last reset is over', () => {
  const attempts = attemptsOf(EVENTS);
  expect(attempts).toEqual([
    { startedAt: 9, pid: 12, endedAt: 10, exitCode: 3 },
    { startedAt: 4, pid: 11, readyAt: 5, unresponsive: true, endedAt: 8, signal: 'SIGKILL', waitedMs: 250 },
  ]);
  expect(attempts.map(causeKey)).toEqual(['attempt.notReady', 'timeline.unresponsive']);
});

test('up to a moment in the past', () => {
  expect(attemptsOf(EVENTS, 5)).toEqual([{ startedAt: 4, pid: 11, readyAt: 5 }]);
  expect(attemptsOf([])).toEqual([]);
});

test('at most ten, the newest ones', () => {
  const many = Array.from({ length: 30 }, (_, at): SupervisorEvent => ({ at, kind: 'started', pid: at }));
  expect(attemptsOf(many).map(({ pid }) => pid)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
});
