import { PerchError } from '../../../shared/errors/perch-error.ts';
import {
  RUNNER_PROTOCOL_VERSION,
  type RunnerNotificationParams,
  type RunnerResult,
} from '../../../shared/runner-protocol/protocol.ts';

/** Answers the runner's first word: both sides have to speak the same version of the protocol. */
export function createHandshake(options: {
  /** @throws PerchError */
  readonly initialize: () => Promise<RunnerResult<'runner.initialize'>>;
  readonly warn: (message: string) => void;
  readonly onConnected: (pid: number) => void;
  /** `retry` is false when another attempt could only end the same way. */
  readonly onFailed: (error: PerchError, how: { retry: boolean }) => void;
}) {
  const { initialize, warn, onConnected, onFailed } = options;
  let introduced = false;

  const isOurVersion = (found: number) => {
    if (found === RUNNER_PROTOCOL_VERSION) return true;
    const error = new PerchError('RUNNER_VERSION_MISMATCH', { found, expected: RUNNER_PROTOCOL_VERSION });
    onFailed(error, { retry: false });
    return false;
  };

  const initializeFailed = (error: unknown) => {
    const refusal = error instanceof PerchError ? error : new PerchError('INTERNAL', {}, { cause: error });
    // A connection that ended is followed by the exit, which has more to say.
    if (refusal.code === 'RUNNER_CRASHED' || refusal.code === 'RUNNER_NOT_CONNECTED') return;
    // Either side may notice first that the versions differ.
    onFailed(refusal, { retry: refusal.code !== 'RUNNER_VERSION_MISMATCH' });
  };

  return {
    /** The runner says that it is ready. Never rejects. */
    async introduce(ready: RunnerNotificationParams<'runner.ready'>): Promise<void> {
      if (introduced) return warn('the runner said twice that it is ready');
      introduced = true;
      if (!isOurVersion(ready.protocolVersion)) return;
      try {
        const answer = await initialize();
        if (isOurVersion(answer.protocolVersion)) onConnected(answer.pid);
      } catch (error) {
        initializeFailed(error);
      }
    },
  };
}
