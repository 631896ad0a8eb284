import type { Clock } from '../../../node/clock.ts';
import { codeOf } from '../../../node/error-code.ts';
import { readAnswerStart } from '../../../node/read-answer.ts';
import type { Fetch } from '../../network/fetch.ts';
import type { Answer } from './classify.ts';

/** Milliseconds until an answer has to be there, its body included. */
export const PROBE_LIMIT_MS = 6000;
/** More of a body is not read, unless a request says so. */
export const MAX_BODY_BYTES = 64 * 1024;

interface ProbeRequest {
  readonly url: string;
  /** The value is in one of these and nowhere else. */
  readonly headers: Readonly<Record<string, string>>;
  needsBody(status: number): boolean;
  readonly maxBytes?: number;
}

/** Sends one GET. Never rejects, follows no redirect, and keeps no connection. */
export type Probe = (request: ProbeRequest) => Promise<Answer>;

export function createProbe({ clock, fetch }: { clock: Pick<Clock, 'after'>; fetch: Fetch }): Probe {
  return async (request) => {
    const over = new AbortController();
    const tooLate = Promise.withResolvers<Answer>();
    const stopTimer = clock.after(PROBE_LIMIT_MS, () => tooLate.resolve({ kind: 'timeout' }));
    try {
      const answer = ask(request, fetch, over.signal).catch(
        (error: unknown): Answer => ({ kind: 'unreachable', cause: codeOf(error) }),
      );
      return await Promise.race([answer, tooLate.promise]);
    } finally {
      stopTimer();
      over.abort();
    }
  };
}

async function ask(
  { url, headers, needsBody, maxBytes = MAX_BODY_BYTES }: ProbeRequest,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Answer> {
  const asked = { accept: 'application/json', 'accept-encoding': 'identity', ...headers };
  const response = await fetch(url, { headers: asked, signal });
  const { status } = response;
  return { kind: 'answered', status, body: needsBody(status) ? await readAnswerStart(response, maxBytes) : '' };
}
