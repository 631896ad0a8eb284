import { expect, test } from 'vitest';
import { backoffDelay } from './backoff.ts';

test.each([
  [1, 200],
  [2, 400],
  [3, 800],
  [4, 1600],
  [6, 6400],
  [7, 12_800],
  [8, 15_000],
  [100, 15_000],
  [10_000, 15_000],
])('attempt %i waits anything from nothing up to %i ms', (attempt, limit) => {
  expect(backoffDelay(attempt, 0)).toBe(0);
  expect(backoffDelay(attempt, 0.5)).toBe(limit / 2);
  expect(backoffDelay(attempt, 0.9999999)).toBe(limit);
});
