import type { Clock } from '../../node/clock.ts';

/** Longest wait in one piece: a timer stands still while the machine sleeps, and a system's holds 24 days at most. */
const MAX_WAIT_MS = 15 * 60_000;

export interface Alarm {
  /** Milliseconds since the epoch; in place of the time that was set before. Undefined: none. */
  set(at: number | undefined): void;
}

/** Rings once, when the time has come; what it calls may set it again. */
export function createAlarm({ clock, ring }: { clock: Clock; ring: () => void }): Alarm {
  let cancel = () => {};
  const wait = (at: number) => {
    const left = at - clock.now();
    cancel = clock.after(Math.max(0, Math.min(left, MAX_WAIT_MS)), () => (at > clock.now() ? wait(at) : ring()));
  };
  return {
    set(at) {
      cancel();
      cancel = () => {};
      if (at !== undefined) wait(at);
    },
  };
}
