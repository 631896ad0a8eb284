/** Runs one task at a time, in the order of the calls. A task that fails does not hold up the next one. */
export type Mutex = <T>(task: () => Promise<T>) => Promise<T>;

/** @returns a function that settles as its task does, and rejects with what the task throws */
export function createMutex(): Mutex {
  const keyed = createKeyedMutex();
  return (task) => keyed.run('', task);
}

/** Runs the tasks of one key one after the other, those of different keys side by side. */
export function createKeyedMutex() {
  const tails = new Map<string, Promise<unknown>>();
  return {
    /** True while a task of the key runs or waits. */
    isBusy: (key: string): boolean => tails.has(key),
    run<T>(key: string, task: () => Promise<T>): Promise<T> {
      const result = (tails.get(key) ?? Promise.resolve()).then(task);
      // Registered before the caller's own continuation, so that the key is free by then. How the task ended is the
      // caller's to hear of.
      const leave = () => {
        if (tails.get(key) === tail) tails.delete(key);
      };
      const tail = result.then(leave, leave);
      tails.set(key, tail);
      return result;
    },
  };
}
