import { expect, test } from 'vitest';
import type { Failure } from '../../../shared/model/failure.ts';
import { BREAKER } from './breaker.ts';
import { createRestartPolicy } from './restart-policy.ts';

const failure = { error: { code: 'RUNNER_CRASHED', values: {} }, lastLines: [] } as unknown as Failure;

function create() {
  const time = { now: 1_000_000 };
  const policy = createRestartPolicy({ clock: { now: () => time.now }, random: { fraction: () => 0.5 } });
  const crash = (retry = true) => policy.afterCrash(failure, { retry });
  return { policy, time, crash };
}

test('the wait grows with every attempt until the runner was healthy', () => {
  const { policy, crash } = create();
  const first = crash();
  const second = crash();
  expect(first).toEqual({
    status: { kind: 'reconnecting', attempt: 1, nextTryAt: 1_000_100, failure },
    event: { kind: 'backoff', delayMs: 100 },
    delayMs: 100,
  });
  expect(second).toMatchObject({ status: { attempt: 2 }, delayMs: 200 });
  policy.healthy();
  expect(crash()).toEqual(first);
});

test('crashes of the last minute make a loop; a healthy time does not undo them, a reset does', () => {
  const { policy, time, crash } = create();
  for (let count = 1; count < BREAKER.crashes; count++) expect(crash().status.kind).toBe('reconnecting');
  policy.healthy();
  expect(crash()).toEqual({
    status: {
      kind: 'failed',
      failure: { ...failure, error: { code: 'RUNNER_CRASH_LOOP', values: { count: BREAKER.crashes } } },
      crashLoop: true,
    },
    event: { kind: 'breaker-opened' },
  });
  expect(policy.budget()).toEqual({ crashes: BREAKER.crashes, limit: BREAKER.crashes, windowMs: BREAKER.window });

  time.now += BREAKER.window;
  expect(policy.budget().crashes).toBe(0);
  crash();
  policy.reset();
  expect(policy.budget().crashes).toBe(0);
});

test('a failure that would only repeat itself counts, and is not tried again', () => {
  const { policy, crash } = create();
  expect(crash(false)).toEqual({ status: { kind: 'failed', failure, crashLoop: false } });
  expect(policy.budget().crashes).toBe(1);
});
