import type { Clock } from '../../node/clock.ts';

/** Milliseconds that one part may take to end; after that the next is ended all the same. */
const CLOSE_LIMIT_MS = 5000;

export interface Closers {
  /** Adds a part; the parts close in the reverse order. */
  add(name: string, close: () => unknown): void;
  /** Idempotent, never rejects, and bounded. */
  closeAll(): Promise<void>;
}

/** @param options.onFailure hears of a part that did not close, or not in time */
export function createClosers(options: {
  clock: Pick<Clock, 'after'>;
  onFailure: (name: string, error: unknown) => void;
}): Closers {
  const { clock, onFailure } = options;
  const parts: { name: string; close: () => unknown }[] = [];
  let closing: Promise<void> | undefined;

  async function closeOne(name: string, close: () => unknown): Promise<void> {
    const limit = Promise.withResolvers<never>();
    const stopTimer = clock.after(CLOSE_LIMIT_MS, () => limit.reject(new Error('it took too long')));
    try {
      await Promise.race([close(), limit.promise]);
    } catch (error) {
      onFailure(name, error);
    } finally {
      stopTimer();
    }
  }

  async function closeInOrder(): Promise<void> {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) await closeOne(part.name, part.close);
  }

  return {
    add: (name, close) => void parts.push({ name, close }),
    closeAll() {
      closing ??= closeInOrder();
      return closing;
    },
  };
}
