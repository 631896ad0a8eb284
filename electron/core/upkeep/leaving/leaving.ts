import type { AppState } from '../../../../shared/contract/state.ts';
import { runningTurns } from '../../../../shared/model/turn-running.ts';

/** Ends Perch by itself once no turn runs. */
export interface Leaving {
  readonly state: AppState['leaving'];
  /** Ends the host when the last running turn has ended; soon, when none runs. */
  afterTurns(): void;
  /** Takes that back. */
  stay(): void;
  /** To be called after the turns changed. */
  look(): void;
}

/** @param options.end ends the host without a question; called once at most */
export function createLeaving(options: {
  turns: () => AppState['turns'];
  end: () => void;
  onChange: () => void;
}): Leaving {
  const { turns, end, onChange } = options;
  let state: AppState['leaving'] = 'staying';
  let ended = false;

  const become = (next: AppState['leaving']) => {
    if (next === state) return;
    state = next;
    onChange();
  };
  const look = () => {
    if (ended || state === 'staying' || runningTurns(turns()).length > 0) return;
    ended = true;
    end();
  };
  return {
    get state() {
      return state;
    },
    afterTurns() {
      become('after-turns');
      look();
    },
    stay: () => become('staying'),
    look,
  };
}
