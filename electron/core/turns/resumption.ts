import type { StoredRunEvent } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import { createActiveTurn } from './active-turn.ts';
import type { ActiveTurns } from './active-turns.ts';
import { REACHABLE_MS } from './housekeeping.ts';
import { endLostTurns } from './recovery.ts';
import type { TurnQueue } from './turn-queue.ts';
import { NEW_TURN } from './turn-state.ts';
import type { TurnStore } from './turn-store.ts';

/** Goes on with the turns of an earlier process that no agent has seen, and ends its others. */
export function createResumption(options: {
  store: TurnStore;
  active: ActiveTurns;
  queue: Pick<TurnQueue, 'add'>;
  logs: LogStore;
  clock: Clock;
  onRunEvent: (stored: StoredRunEvent) => void;
}) {
  const { store, active, queue, logs, clock, onRunEvent } = options;
  const unresumed: string[] = [];
  return {
    /** Called once, before the first submission. */
    recover(): void {
      for (const { status, ...turn } of store.unstarted(clock.now() - REACHABLE_MS)) {
        if (active.has(turn.turnId)) continue;
        const state = status === 'accepted' ? NEW_TURN : { status, openPermissions: [] };
        active.add(createActiveTurn({ ...turn, launch: undefined }, state));
        unresumed.push(turn.turnId);
      }
      endLostTurns({ store, logs, clock, onRunEvent, isActive: active.has });
    },
    /** Once the runner starts. */
    resume(): void {
      for (const turnId of unresumed.splice(0)) {
        const turn = active.get(turnId);
        if (turn !== undefined) queue.add(turn, { waits: true });
      }
    },
  };
}
