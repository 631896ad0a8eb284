/** Runs the tasks of one key one after the other, those of different keys side by side. Tasks must not reject. */
export function createSerialQueue() {
  const tails = new Map<string, Promise<void>>();
  return {
    isBusy: (key: string): boolean => tails.has(key),
    run(key: string, task: () => Promise<void>): Promise<void> {
      const tail = (tails.get(key) ?? Promise.resolve()).then(task);
      tails.set(key, tail);
      return tail.finally(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    },
  };
}
