import type { Clock } from '../../node/clock.ts';
import type { ActiveTurns } from './active-turns.ts';
import { isWaiting } from './awaiting-credential.ts';
import type { Ending } from './ending.ts';
import type { Sessions } from './sessions.ts';

/** Milliseconds that a dispose waits for agents. The runner's supervisor ends the rest. */
const DISPOSE_LIMIT_MS = 3000;

/** Cancels the turns that run, and stops the agents. */
export async function endTurnsAndAgents(options: {
  active: Pick<ActiveTurns, 'all'>;
  ending: Pick<Ending, 'cancelled'>;
  sessions: Pick<Sessions, 'closeAll'>;
  clock: Pick<Clock, 'after'>;
}): Promise<void> {
  const { active, ending, sessions, clock } = options;
  for (const turn of active.all()) {
    // The turn goes on after the next start.
    if (isWaiting(turn)) continue;
    turn.cancelRequested = true;
    ending.cancelled(turn);
  }
  const limit = Promise.withResolvers<void>();
  const stopTimer = clock.after(DISPOSE_LIMIT_MS, limit.resolve);
  await Promise.race([sessions.closeAll(), limit.promise]);
  stopTimer();
}
