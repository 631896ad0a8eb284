import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { RestartBudget, SupervisorEvent } from '../../../shared/model/connection-state.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { Clock } from '../../node/clock.ts';
import type { Random } from '../ports.ts';
import { backoffDelay } from './backoff.ts';
import { BREAKER, countCrash, recentCrashes } from './breaker.ts';
import type { RunnerStatus } from './status.ts';

interface AfterCrash {
  readonly status: RunnerStatus;
  readonly event?: Omit<SupervisorEvent, 'at'>;
  /** Milliseconds until the next attempt; absent: there is none. */
  readonly delayMs?: number;
}

/** Counts crashes, and says after each how long to wait, or that the runner is in a crash loop. */
export function createRestartPolicy({
  clock,
  random,
}: {
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'fraction'>;
}) {
  /** Attempts since the last healthy time. */
  let attempt = 0;
  let crashes: readonly number[] = [];

  return {
    /** Counts the crash in and decides what follows it. `retry` is false when another attempt could only fail as well. */
    afterCrash(failure: Failure, { retry }: { retry: boolean }): AfterCrash {
      const counted = countCrash(crashes, clock.now());
      crashes = counted.crashes;
      if (!retry) return { status: { kind: 'failed', failure, crashLoop: false } };
      if (counted.open) {
        const error = toWireError(new PerchError('RUNNER_CRASH_LOOP', { count: crashes.length }));
        const status = { kind: 'failed', failure: { ...failure, error }, crashLoop: true } as const;
        return { status, event: { kind: 'breaker-opened' } };
      }
      attempt++;
      const delayMs = backoffDelay(attempt, random.fraction());
      const status = { kind: 'reconnecting', attempt, nextTryAt: clock.now() + delayMs, failure } as const;
      return { status, event: { kind: 'backoff', delayMs }, delayMs };
    },
    /** From now on earlier crashes no longer lengthen the wait. */
    healthy(): void {
      attempt = 0;
    },
    reset(): void {
      attempt = 0;
      crashes = [];
    },
    budget: (): RestartBudget => ({
      crashes: recentCrashes(crashes, clock.now()).length,
      limit: BREAKER.crashes,
      windowMs: BREAKER.window,
    }),
  };
}
