import type { Clock } from '../../../node/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass: timers that come due fire, in order, each at its own time. */
  advance(ms: number): void;
  /** Sets the clock as a sleep does: time passes, and what was due fires late, all at the new time. */
  jump(ms: number): void;
  /** Resolves once a timer is set for `inMs` from now. */
  timerIn(inMs: number): Promise<void>;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

export function createManualClock(start = 1_000_000): ManualClock {
  const timers = new Set<Timer>();
  const waiting = new Set<() => void>();
  let now = start;

  const nextUntil = (limit: number) => [...timers].filter(({ due }) => due <= limit).sort((a, b) => a.due - b.due)[0];
  const fire = (timer: Timer, at: number) => {
    timers.delete(timer);
    now = Math.max(now, at);
    timer.callback();
  };

  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { due: now + delayMs, callback };
      timers.add(timer);
      for (const wake of [...waiting]) wake();
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) fire(timer, timer.due);
      now = end;
    },
    jump(ms) {
      now += ms;
      const end = now;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) fire(timer, end);
    },
    timerIn(inMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (![...timers].some(({ due }) => due === now + inMs)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      return promise;
    },
  };
}
