import type { AppStateSlice } from '../../../shared/contract/state.ts';
import type { StoredRunEvent } from '../../../shared/model/run-event.ts';

/** The changes that services report: which slices of the state changed, and each run event once it is saved. */
export interface Changes {
  touch(...slices: AppStateSlice[]): void;
  run(stored: StoredRunEvent): void;
  logFailed(log: string): void;
}

/** Passes the changes on until it is stopped; later ones are dropped. */
export function stoppable(changes: Changes): { changes: Changes; stop: () => void } {
  let stopped = false;
  return {
    changes: {
      touch: (...slices) => (stopped ? undefined : changes.touch(...slices)),
      run: (stored) => (stopped ? undefined : changes.run(stored)),
      logFailed: (log) => (stopped ? undefined : changes.logFailed(log)),
    },
    stop() {
      stopped = true;
    },
  };
}
