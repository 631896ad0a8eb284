import type { GuardedFile } from '../../../shared/model/guarded-file.ts';
import type { StoredRunEvent } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { ActiveTurn, LaterRunEvent } from './active-turn.ts';
import type { Permissions } from './permissions.ts';
import { foldEvent } from './turn-state.ts';
import type { TurnStore } from './turn-store.ts';

/** Events that change what a list of turns shows, whatever the status does. */
const SHOWN: ReadonlySet<LaterRunEvent['type']> = new Set(['session.started', 'model.reported', 'file.guarded']);

export type Recorder = ReturnType<typeof createRecorder>;

/** The one way of an event into the store and then to the listeners. */
export function createRecorder(options: {
  store: TurnStore;
  clock: Clock;
  permissions: Permissions;
  onRunEvent: (stored: StoredRunEvent) => void;
  onTurnsChanged: () => void;
}) {
  const { store, clock, permissions, onRunEvent, onTurnsChanged } = options;
  const isSettled = ({ turnId, projectDir }: ActiveTurn, file: GuardedFile): boolean =>
    store.guarded.isMine(projectDir, file) || store.guarded.isAsked(turnId, file);
  return {
    /** False when the turn has ended already: then nothing is written. Throws the database's error. */
    record(turn: ActiveTurn, event: LaterRunEvent): boolean {
      if (event.type === 'file.guarded' && isSettled(turn, event)) return true;
      const before = turn.state;
      const state = foldEvent(before, event);
      const { turnId } = turn;
      const changed = state.status === before.status ? {} : { status: state.status };
      const stored = store.append({ turnId, event, at: clock.now(), ...changed });
      if (stored === undefined) return false;
      turn.state = state;
      // A listener that hears of a question may answer it at once.
      permissions.follow(turn, event);
      onRunEvent(stored);
      if (state.status !== before.status || SHOWN.has(event.type)) onTurnsChanged();
      return true;
    },
  };
}
