import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { TurnRunner } from './ports.ts';

/** True when it can still come by itself: a turn may wait for it. */
export function mayConnect({ kind }: TurnRunner['status']): boolean {
  return kind !== 'failed' && kind !== 'stopped';
}

/**
 * Resolves when the runner is connected, or when `given up` does. There is no time limit: a supervisor that tries
 * again either gets there or says that it failed.
 * @throws PerchError RUNNER_NOT_CONNECTED
 */
export async function whenConnected(runner: Pick<TurnRunner, 'status' | 'onStatus'>, givenUp: Promise<void>) {
  const decided = Promise.withResolvers<void>();
  const look = () => {
    if (runner.status.kind === 'connected') decided.resolve();
    else if (!mayConnect(runner.status)) decided.reject(new PerchError('RUNNER_NOT_CONNECTED'));
  };
  const stop = runner.onStatus(look);
  look();
  try {
    await Promise.race([decided.promise, givenUp]);
  } finally {
    stop();
  }
}
