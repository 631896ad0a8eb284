import { assertNever } from '../../../shared/assert-never.ts';
import type { Clock } from '../../node/clock.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { Ending } from './ending.ts';
import type { TurnRunner } from './ports.ts';
import type { Sessions } from './sessions.ts';

/** Milliseconds from a cancel to the end without the runner's word. The runner itself promises one second. */
export const CANCEL_LIMIT_MS = 2000;

/** Cancels a turn in whatever phase it is. Answers when it has ended, which may be another end than `cancelled`. */
export function createCancel(options: {
  runner: Pick<TurnRunner, 'request'>;
  sessions: Sessions;
  ending: Ending;
  logs: LogStore;
  clock: Clock;
}) {
  const { runner, sessions, ending, logs, clock } = options;

  function askAgent({ sessionId, turnId }: ActiveTurn): void {
    runner.request('session.cancel', { sessionId, turnId }).catch((error: unknown) => {
      // The prompt's own answer, or the limit, decides. An agent that just finished has nothing left to cancel.
      const message = `The runner did not take the cancellation: ${String(error)}`;
      logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message, turnId });
    });
  }

  function begin(turn: ActiveTurn): void {
    switch (turn.phase) {
      case 'ended':
        return;
      case 'queued':
        ending.cancelled(turn);
        return;
      case 'starting':
        void sessions.close(turn.sessionId).then(() => ending.cancelled(turn));
        break;
      case 'prompting':
        askAgent(turn);
        break;
      default:
        assertNever(turn.phase);
    }
    const stopTimer = clock.after(CANCEL_LIMIT_MS, () => {
      void sessions.close(turn.sessionId);
      ending.cancelled(turn);
    });
    void turn.finished.promise.then(stopTimer);
  }

  return async (turn: ActiveTurn): Promise<void> => {
    if (!turn.cancelRequested) {
      turn.cancelRequested = true;
      begin(turn);
    }
    await turn.finished.promise;
  };
}
