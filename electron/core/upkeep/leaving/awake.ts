import type { AppState } from '../../../../shared/contract/state.ts';
import { isAnyAtWork } from '../../../../shared/model/turn-running.ts';
import type { SleepBlocker } from '../../ports.ts';

/** Holds off the machine's sleep while a turn runs, where the host can and the user wants it. */
export function createAwake(options: { blocker: SleepBlocker; state: () => Pick<AppState, 'turns' | 'settings'> }) {
  const { blocker, state } = options;
  let release: (() => void) | undefined;

  const follow = (wanted: boolean) => {
    if (wanted) {
      release ??= blocker.hold();
      return;
    }
    release?.();
    release = undefined;
  };
  return {
    /** To be called after turns or settings changed. */
    look(): void {
      const { turns, settings } = state();
      follow(settings.holdOffSleep && isAnyAtWork(turns));
    },
    dispose: () => follow(false),
  };
}
