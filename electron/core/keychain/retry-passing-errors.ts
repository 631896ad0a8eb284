/** A call looks for its item, and then asks for what it found: a try is spoiled by one other writer at a time. */
const MAX_TRIES = 10;

/**
 * Makes a call of the Secret Service again where only its moment was wrong. Every call may be repeated: it names what
 * shall be, and not a step towards it.
 */
export async function retryPassingErrors<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === MAX_TRIES || !isPassing(error)) throw error;
    }
  }
}

/**
 * Texts of the real daemon: another process deleted the item between the search and the question; or the service ended
 * in mid-call (it is known to crash), after which the bus starts it again.
 */
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    /no such (interface|object|method)|object does not exist|without replying/i.test(error.message)
  );
}
