import * as oauth from 'oauth4webapi';
import { defined } from '../../../../shared/defined.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Fetch } from '../../network/fetch.ts';

/** Milliseconds until an answer has to be there, its body included. */
export const TOKEN_REQUEST_LIMIT_MS = 10_000;
/** More of a body is not read. */
const MAX_BODY_BYTES = 64 * 1024;
/** Words for: this refresh token is worth nothing any more. The second is GitHub's. */
const REFUSALS: ReadonlySet<string> = new Set(['invalid_grant', 'bad_refresh_token']);

interface TokenRequest {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly refreshToken: string;
}

export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly value: string; readonly refreshToken?: string; readonly lifeSeconds?: number }
  /** The server will not take this refresh token again. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** `reason` is a word or a number, never a server's sentence: that could repeat what was sent. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Never rejects. `signal` ends it early. */
export type RequestTokens = (request: TokenRequest, signal: AbortSignal) => Promise<TokenAnswer>;

/** Exchanges a refresh token once (RFC 6749, 6), as a client without a secret. Follows no redirect. */
export function createTokenRequest({ clock, fetch }: { clock: Pick<Clock, 'after'>; fetch: Fetch }): RequestTokens {
  return async ({ tokenEndpoint, clientId, refreshToken }, signal) => {
    const url = URL.parse(tokenEndpoint);
    if (url === null || !isSafe(url)) return { kind: 'failed', reason: 'endpoint' };
    const limit = new AbortController();
    const stopTimer = clock.after(TOKEN_REQUEST_LIMIT_MS, () => limit.abort());
    const server = { issuer: url.origin, token_endpoint: url.href };
    const client = { client_id: clientId };
    try {
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, {
        signal: AbortSignal.any([signal, limit.signal]),
        [oauth.customFetch]: (address, init) => fetchBounded(fetch, address, init),
        [oauth.allowInsecureRequests]: url.protocol === 'http:',
      });
      const tokens = await oauth.processRefreshTokenResponse(server, client, response);
      return {
        kind: 'tokens',
        value: tokens.access_token,
        ...defined({ refreshToken: tokens.refresh_token, lifeSeconds: tokens.expires_in }),
      };
    } catch (error) {
      if (limit.signal.aborted) return { kind: 'failed', reason: 'timeout' };
      return failureOf(error);
    } finally {
      stopTimer();
    }
  };
}

/** Tokens leave this machine encrypted, or do not leave it. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

async function fetchBounded(
  fetch: Fetch,
  url: string,
  { signal, ...asked }: oauth.CustomFetchOptions<'POST', URLSearchParams>,
) {
  const response = await fetch(url, { ...asked, ...defined({ signal }) });
  const body = await readBounded(response);
  const { status, headers } = response;
  const answer = parse(body);
  if (answer === undefined) return new Response(body, { status, headers });
  // The identity token that some servers send along is not read: Perch has no use for it.
  const { id_token: _, ...rest } = answer;
  // GitHub says what is wrong with a status of success.
  const failed = status === 200 && typeof rest.error === 'string';
  return new Response(JSON.stringify(rest), { status: failed ? 400 : status, headers });
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown): TokenAnswer {
  if (error instanceof oauth.ResponseBodyError) {
    if (REFUSALS.has(error.error)) return { kind: 'refused', reason: error.error };
    return { kind: 'failed', reason: /^[a-z_]{1,40}$/.test(error.error) ? error.error : String(error.status) };
  }
  const { cause, code } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  if (cause instanceof Response) return { kind: 'failed', reason: String(cause.status) };
  return {
    kind: 'failed',
    reason: wordOf(code) ?? wordOf((cause as { code?: unknown } | undefined)?.code) ?? 'UNKNOWN',
  };
}

function wordOf(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : undefined;
}
