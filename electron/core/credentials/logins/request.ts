import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import { codeOf } from '../../../node/error-code.ts';
import { readAnswer } from '../../../node/read-answer.ts';
import type { Fetch, FetchInit } from '../../network/fetch.ts';

/** Milliseconds for one answer, its body included. */
const REQUEST_LIMIT_MS = 30_000;
/** More than any token endpoint has to say. */
const MAX_ANSWER_BYTES = 64 * 1024;

export type Request = (url: string, init: Omit<FetchInit, 'signal'>) => Promise<Response>;

/**
 * Sends one request to a provider's sign-in: bounded in time and size, ended by `signal`, following no redirect. The
 * answer is read whole.
 * @throws PerchError SIGN_IN_UNREACHABLE, and the refusals of the user's network (`Fetch`); the reason of `signal` when
 *   that ended it
 */
export function createRequest(options: {
  clock: Pick<Clock, 'after'>;
  signal: AbortSignal;
  provider: string;
  fetch: Fetch;
}): Request {
  const { clock, signal, provider, fetch } = options;
  return async (url, init) => {
    const limit = new AbortController();
    const stopTimer = clock.after(REQUEST_LIMIT_MS, () => limit.abort());
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, limit.signal]) });
      const body = await readAnswer(response, MAX_ANSWER_BYTES);
      const { status, headers } = response;
      return new Response(body, { status: refusalStatus(status, body), headers });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PerchError) throw error;
      const reason = limit.signal.aborted ? 'timeout' : codeOf(error);
      throw new PerchError('SIGN_IN_UNREACHABLE', { provider, host: new URL(url).host, reason }, { cause: error });
    } finally {
      stopTimer();
    }
  };
}

/** GitHub tells errors with status 200, against RFC 6749 §5.2. */
function refusalStatus(status: number, body: string): number {
  if (status !== 200) return status;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'error' in parsed ? 400 : 200;
  } catch {
    return status; // the caller names what is wrong with the answer
  }
}
