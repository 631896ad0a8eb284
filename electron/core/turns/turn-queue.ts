import { createKeyedMutex } from '../../node/mutex.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { TurnDriver } from './run-turn.ts';

export type TurnQueue = ReturnType<typeof createTurnQueue>;

/** Runs the turns of one session one after the other. */
export function createTurnQueue({ driver }: { driver: TurnDriver }) {
  const queue = createKeyedMutex();
  return {
    /** True when a turn added now would wait for another one of its session. */
    isBusy: queue.isBusy,
    /** @param waits true when the turn's launch may be outdated once it runs */
    add(turn: ActiveTurn, { waits }: { waits: boolean }): void {
      void queue.run(turn.sessionId, () => driver.run(turn, waits));
    },
  };
}
