import { expect, test } from 'vitest';
import { BREAKER } from './breaker.ts';
import { createRestartPolicy } from './restart-policy.ts';

function create() {
  const time = { now: 1_000_000 };
  const policy = createRestartPolicy({ clock: { now: () => time.now }, random: { fraction: () => 0.5 } });
  return { policy, time };
}

test('the wait grows with every attempt until the runner was healthy', () => {
  const { policy } = create();
  const first = policy.nextAttempt();
  const second = policy.nextAttempt();
  expect([first.attempt, second.attempt]).toEqual([1, 2]);
  expect(second.delayMs).toBeGreaterThan(first.delayMs);
  policy.healthy();
  expect(policy.nextAttempt()).toEqual(first);
});

test('crashes of the last minute make a loop; a healthy time does not undo them, a reset does', () => {
  const { policy, time } = create();
  for (let count = 1; count < BREAKER.crashes; count++) expect(policy.crashed()).toEqual({ isLoop: false, count });
  policy.healthy();
  expect(policy.crashed()).toEqual({ isLoop: true, count: BREAKER.crashes });
  expect(policy.budget()).toEqual({ crashes: BREAKER.crashes, limit: BREAKER.crashes, windowMs: BREAKER.window });

  time.now += BREAKER.window;
  expect(policy.budget().crashes).toBe(0);
  policy.crashed();
  policy.reset();
  expect(policy.budget().crashes).toBe(0);
});
