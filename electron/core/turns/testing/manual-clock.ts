import type { Clock } from '../../../node/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass and calls back whoever is due, in order. */
  advance(ms: number): void;
  /** Somebody sets it, forwards or back: no time passes, and timers wait as long as they would have. */
  set(byMs: number): void;
  /** Resolves when a timer of that delay waits, now or later. */
  scheduled(delayMs: number): Promise<void>;
  /** How many timers wait. */
  waiting(): number;
}

interface Timer {
  readonly delayMs: number;
  readonly at: number;
  readonly callback: () => void;
}

export function createManualClock(start = 1_000_000): ManualClock {
  let now = start;
  let timers: Timer[] = [];
  let waiting: (() => void)[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      timers.push({ delayMs, at: now + delayMs, callback });
      for (const look of waiting) look();
      return () => {
        timers = timers.filter((each) => each.callback !== callback);
      };
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
    set(byMs) {
      now += byMs;
      timers = timers.map((timer) => ({ ...timer, at: timer.at + byMs }));
    },
    waiting: () => timers.length,
    async scheduled(delayMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (timers.some((timer) => timer.delayMs === delayMs)) resolve();
      };
      waiting.push(look);
      look();
      await promise;
      waiting = waiting.filter((each) => each !== look);
    },
  };
}
