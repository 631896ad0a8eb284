import type { Clock } from '../../node/clock.ts';

/** Timers that end together. */
interface Timers {
  /** Behaves as the clock's own method. */
  after(delayMs: number, callback: () => void): () => void;
  cancelAll(): void;
}

export function createTimers(clock: Clock): Timers {
  const pending = new Set<() => void>();
  return {
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, () => {
        pending.delete(cancel);
        callback();
      });
      pending.add(cancel);
      return () => {
        pending.delete(cancel);
        cancel();
      };
    },
    cancelAll() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
