import type { RestartBudget } from '../../../shared/model/connection-state.ts';
import type { Clock } from '../../node/clock.ts';
import type { Random } from '../ports.ts';
import { backoffDelay } from './backoff.ts';
import { BREAKER, countCrash, recentCrashes } from './breaker.ts';

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
    /** Counts a crash in. `isLoop`: it was one too many. */
    crashed(): { isLoop: boolean; count: number } {
      const counted = countCrash(crashes, clock.now());
      crashes = counted.crashes;
      return { isLoop: counted.open, count: counted.crashes.length };
    },
    /** The next attempt, and the milliseconds to wait before it. */
    nextAttempt(): { attempt: number; delayMs: number } {
      attempt++;
      return { attempt, delayMs: backoffDelay(attempt, random.fraction()) };
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
