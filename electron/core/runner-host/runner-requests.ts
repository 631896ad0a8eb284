import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type Peer, PeerClosedError } from '../../../shared/json-rpc/peer.ts';
import {
  type RunnerMethodName,
  type RunnerParams,
  type RunnerResult,
  runnerMethods,
} from '../../../shared/runner-protocol/protocol.ts';

export type RunnerRequest = <M extends RunnerMethodName>(
  method: M,
  params: RunnerParams<M>,
) => Promise<RunnerResult<M>>;

/** Requests to a runner, whose answers are checked. */
export function createRunnerRequests(options: {
  readonly peer: Pick<Peer, 'request'>;
  /** True once Perch itself ends the runner. */
  readonly isEnding: () => boolean;
  readonly reportError: (message: string) => void;
}): RunnerRequest {
  const { peer, isEnding, reportError } = options;
  return async <M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>> => {
    let answer: unknown;
    try {
      answer = await peer.request(method, params);
    } catch (error) {
      if (!(error instanceof PeerClosedError)) throw error;
      throw new PerchError(isEnding() ? 'RUNNER_NOT_CONNECTED' : 'RUNNER_CRASHED', {}, { cause: error });
    }
    const parsed = runnerMethods[method].result.safeParse(answer);
    if (parsed.success) return parsed.data as RunnerResult<M>;
    reportError(`the runner's answer to ${method} breaks the protocol at ${parsed.error.issues[0]?.path.join('.')}`);
    throw new PerchError('INTERNAL', {}, { cause: parsed.error });
  };
}
