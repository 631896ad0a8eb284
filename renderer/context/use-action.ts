import { useCallback, useEffect, useRef, useState } from 'react';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';

export interface Action<A extends readonly unknown[]> {
  readonly run: (...args: A) => Promise<boolean>;
  readonly pending: boolean;
  readonly error: WireError | null;
  readonly clear: () => void;
}

/** A call to the core with its waiting and its failure, for the control that made it. `run` says whether it went well. */
export function useAction<A extends readonly unknown[]>(action: (...args: A) => Promise<unknown>): Action<A> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  const run = useCallback(async (...args: A) => {
    setPending(true);
    setError(null);
    try {
      await latest.current(...args);
      return true;
    } catch (failure) {
      setError(toWireError(failure));
      return false;
    } finally {
      setPending(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { run, pending, error, clear };
}
