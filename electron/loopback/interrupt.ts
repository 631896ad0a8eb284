import type { TurnSummary } from '../../shared/model/run-event.ts';
import { runningTurns } from '../../shared/model/turn-running.ts';
import type { App } from '../core/app.ts';

/** The parts that can be asked to end after their turns. */
export type Interruptible = Pick<App, 'leaving' | 'hub'>;

/**
 * Handles Ctrl+C: while turns run, the first one lets them finish and says so, the second one stops them; without turns
 * it ends the host. A further one leaves at once. The system's SIGTERM has no time for that: it stops them.
 */
export function createInterrupt(options: {
  /** Ends in good order: turns are stopped, everything is written. */
  end: () => void;
  leaveAtOnce: () => void;
  /** Says which turns are waited for. */
  tell: (running: readonly TurnSummary[]) => void;
}) {
  const { end, leaveAtOnce, tell } = options;
  let app: Interruptible | undefined;
  let ending = false;
  const terminate = () => {
    ending = true;
    end();
  };
  return {
    serves(interruptible: Interruptible): void {
      app = interruptible;
    },
    interrupt(): void {
      const running = app === undefined ? [] : runningTurns(app.hub.state.turns);
      if (ending) leaveAtOnce();
      else if (app === undefined || running.length === 0 || app.leaving.state === 'after-turns') terminate();
      else {
        tell(running);
        app.leaving.afterTurns();
      }
    },
    terminate,
  };
}
