import type { Clock } from '../../../node/clock.ts';

interface Silence {
  restart(): void;
  stop(): void;
}

/** Calls back when nothing was heard for `limitMs`; 0 means never. Starts at once. */
export function createSilence(clock: Clock, limitMs: number, onSilence: () => void): Silence {
  let heardAt = clock.now();
  let takeBack: (() => void) | undefined;

  // A single timer compares with the time of the last sign, instead of a new timer for every word of an answer.
  const wait = (delayMs: number): void => {
    takeBack = clock.after(delayMs, () => {
      const left = heardAt + limitMs - clock.now();
      if (left > 0) wait(left);
      else onSilence();
    });
  };
  const silence: Silence = {
    restart() {
      heardAt = clock.now();
      if (limitMs > 0 && takeBack === undefined) wait(limitMs);
    },
    stop() {
      takeBack?.();
      takeBack = undefined;
    },
  };
  silence.restart();
  return silence;
}
