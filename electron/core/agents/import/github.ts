import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { DECLARATION_FILE } from '../../../../shared/model/declaration.ts';
import type { Clock } from '../../../node/clock.ts';
import { codeOf } from '../../../node/error-code.ts';
import { readAnswer } from '../../../node/read-answer.ts';
import type { Fetch } from '../../network/fetch.ts';
import type { RepositoryAddress } from './address.ts';

/** Milliseconds for everything that one import asks. */
const LIMIT_MS = 20_000;
/** Bytes of a file or an answer; far more than a person writes by hand. */
const MAX_BYTES = 256 * 1024;
/** A branch's name with more slashes is not tried. */
const MAX_SPLITS = 5;

export interface RepositoryFile {
  readonly path: string;
  /** Undefined: the repository has no such file. */
  readonly text: string | undefined;
}

/**
 * Reads the file that declares agents out of a repository. The token goes to the API's own origin and nowhere else:
 * redirects are not followed.
 * @throws PerchError GITHUB_NEEDS_TOKEN, GITHUB_TOKEN_REJECTED, GITHUB_RATE_LIMITED, GITHUB_NOT_FOUND,
 *   GITHUB_UNREACHABLE, and what the user's network says (`Fetch`)
 */
export function createGitHub({ fetch, clock, api }: { fetch: Fetch; clock: Clock; api: string }) {
  return async function readFile(address: RepositoryAddress, token: string | undefined): Promise<RepositoryFile> {
    const over = new AbortController();
    const stopTimer = clock.after(LIMIT_MS, () => over.abort());
    const ask = (path: string) => request({ fetch, clock, url: api + path, token, address, signal: over.signal });
    try {
      const base = `/repos/${encodeURIComponent(address.owner)}/${encodeURIComponent(address.repository)}`;
      if ((await ask(base)).kind === 'absent') throw refused('absent', { address, token });
      for (const { ref, path } of placesOf(address)) {
        const query = ref === undefined ? '' : `?ref=${encodeURIComponent(ref)}`;
        const found = await ask(`${base}/contents/${path.map(encodeURIComponent).join('/')}${query}`);
        if (found.kind === 'text') return { path: path.join('/'), text: found.text };
      }
      return { path: DECLARATION_FILE, text: undefined };
    } finally {
      stopTimer();
      over.abort();
    }
  };
}

/** Where the file may be: what is branch and what is path in an address cannot be told without asking. */
function placesOf({ within }: RepositoryAddress): { ref: string | undefined; path: string[] }[] {
  if (within === undefined) return [{ ref: undefined, path: [DECLARATION_FILE] }];
  const { kind, segments } = within;
  const most = Math.min(kind === 'blob' ? segments.length - 1 : segments.length, MAX_SPLITS);
  return Array.from({ length: Math.max(most, 0) }, (_, index) => {
    const rest = segments.slice(index + 1);
    return { ref: segments.slice(0, index + 1).join('/'), path: kind === 'blob' ? rest : [...rest, DECLARATION_FILE] };
  });
}

interface Request {
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, 'now'>;
  readonly url: string;
  readonly token: string | undefined;
  readonly address: RepositoryAddress;
  readonly signal: AbortSignal;
}

async function request(asked: Request): Promise<{ kind: 'text'; text: string } | { kind: 'absent' }> {
  const { fetch, url, token, address, signal, clock } = asked;
  const headers = {
    accept: 'application/vnd.github.raw+json',
    'x-github-api-version': '2022-11-28',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => unreachable(error));
  const { status } = response;
  if (status === 200)
    return { kind: 'text', text: await readAnswer(response, MAX_BYTES).catch((error: unknown) => unreachable(error)) };
  if (status === 404) return { kind: 'absent' };
  if (status === 401) throw refused('rejected', { address, token });
  const until = limitedUntil(response, clock.now());
  if (until !== undefined) throw new PerchError('GITHUB_RATE_LIMITED', { until });
  // A repository that moved is not where it was named; one behind a company's sign-in gives no access.
  if (status === 403 || (status >= 300 && status < 400)) throw refused('absent', { address, token });
  throw new PerchError('GITHUB_UNREACHABLE', { reason: `HTTP ${status}` });
}

/** GitHub does not tell a private repository from none. */
function refused(
  why: 'absent' | 'rejected',
  { address: { owner, repository }, token }: Pick<Request, 'address' | 'token'>,
): PerchError {
  const values = { repository: `${owner}/${repository}` };
  if (why === 'rejected') return new PerchError('GITHUB_TOKEN_REJECTED', values);
  return new PerchError(token === undefined ? 'GITHUB_NEEDS_TOKEN' : 'GITHUB_NOT_FOUND', values);
}

/** The time of the reset as a person reads it; undefined when the answer is not about a limit. */
function limitedUntil({ status, headers }: Response, now: number): string | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
  const isLimit = status === 429 || (status === 403 && (headers.get('x-ratelimit-remaining') === '0' || seconds > 0));
  if (!isLimit) return undefined;
  const at = seconds > 0 ? now + seconds * 1000 : Number.isFinite(reset) ? reset : now + 60_000;
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function unreachable(error: unknown): never {
  if (error instanceof PerchError) throw error;
  const code = codeOf(error);
  const reason = error instanceof Error && error.name === 'AbortError' ? 'timeout' : code;
  throw new PerchError('GITHUB_UNREACHABLE', { reason }, { cause: error });
}
