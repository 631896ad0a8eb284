/** A set of listeners of one event. `A` is what the event carries. */
export interface Listeners<A extends readonly unknown[]> {
  /** Adds a listener, also one that is there already; the returned function removes this addition and no other. */
  add(listener: (...event: A) => void): () => void;
  /**
   * Calls every listener that was there when the event came, even if an earlier one throws, and not one that another
   * listener removed meanwhile.
   * @throws the first error that a listener threw, after all were called
   */
  notify(...event: A): void;
  readonly size: number;
}

export function createListeners<A extends readonly unknown[] = []>(): Listeners<A> {
  const entries = new Set<{ readonly listener: (...event: A) => void }>();
  return {
    add(listener) {
      const entry = { listener };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    notify(...event) {
      const errors: unknown[] = [];
      for (const entry of [...entries]) {
        if (!entries.has(entry)) continue;
        try {
          entry.listener(...event);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
    get size() {
      return entries.size;
    },
  };
}
