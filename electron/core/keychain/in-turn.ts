export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs one work at a time, in order: a sweep of the keychain must not meet items that are just being written. */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
