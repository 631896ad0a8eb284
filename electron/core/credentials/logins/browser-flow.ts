import { timingSafeEqual } from 'node:crypto';
import {
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import { z } from 'zod';
import type { BrowserLogin } from '../../providers/schema.ts';
import { openCallback } from './callback.ts';
import { type Flow, type FlowOptions, type GrantedToken, grantedToken, oauthParts } from './flow.ts';
import { refusalOf, toRefusal } from './refusal.ts';

/** Milliseconds that the user has in the browser. */
export const BROWSER_LIMIT_MS = 10 * 60_000;

interface Pkce {
  readonly state: string;
  readonly verifier: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

/**
 * Authorization code with PKCE over a redirect to this machine (RFC 7636, RFC 8252 §7.3).
 * @throws PerchError SIGN_IN_PORT_TAKEN
 */
export async function browserFlow(login: BrowserLogin, options: FlowOptions): Promise<Flow> {
  const { clock, signal, mask, provider } = options;
  const [state, verifier] = [generateRandomState(), generateRandomCodeVerifier()];
  mask(verifier);
  const { redirect } = login;
  // A server that has no state parameter brings it back in the path.
  const inPath = login.form === 'key-for-code';
  const path = inPath ? `${redirect.path}/${state}` : redirect.path;
  const callback = await openCallback({
    redirect,
    provider,
    path,
    accepts: (parameters) => inPath || isSame(parameters.get('state') ?? '', state),
    page: options.page,
  });
  signal.addEventListener('abort', callback.close);
  if (signal.aborted) callback.close();
  const pkce: Pkce = {
    state,
    verifier,
    challenge: await calculatePKCECodeChallenge(verifier),
    redirectUri: `http://${redirect.host}:${callback.port}${path}`,
  };
  const url = authorizationUrl(login, { pkce, clientId: options.clientId });
  return {
    shown: { state: 'waiting-for-browser', url, expiresAt: clock.now() + BROWSER_LIMIT_MS },
    async token(onAgreed) {
      const parameters = await orAborted(callback.answered, signal);
      mask(parameters.get('code') ?? '');
      const error = parameters.get('error');
      if (error !== null) throw refusalOf(error, provider);
      onAgreed();
      try {
        return await (inPath ? exchangeForKey : exchange)(login, { parameters, pkce, options });
      } catch (failure) {
        throw toRefusal(failure, provider);
      }
    },
  };
}

function authorizationUrl(
  login: BrowserLogin,
  { pkce, clientId }: { pkce: Pkce; clientId: string | undefined },
): string {
  const url = new URL(login.authorizationUrl);
  const parameters =
    login.form === 'key-for-code'
      ? { callback_url: pkce.redirectUri }
      : {
          response_type: 'code',
          client_id: clientId ?? '',
          redirect_uri: pkce.redirectUri,
          state: pkce.state,
          ...(login.scopes.length === 0 ? {} : { scope: login.scopes.join(' ') }),
        };
  const all = { ...parameters, code_challenge: pkce.challenge, code_challenge_method: 'S256' };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return url.href;
}

interface Answered {
  readonly parameters: URLSearchParams;
  readonly pkce: Pkce;
  readonly options: FlowOptions;
}

async function exchange(login: BrowserLogin, { parameters, pkce, options }: Answered): Promise<GrantedToken> {
  const { server, client, http } = oauthParts(options, login.tokenUrl);
  const checked = validateAuthResponse(server, client, parameters, pkce.state);
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    None(),
    checked,
    pkce.redirectUri,
    pkce.verifier,
    http,
  );
  return grantedToken(await processAuthorizationCodeResponse(server, client, response), options, login);
}

const keySchema = z.object({ key: z.string().min(1) });

/** JSON instead of a form, and a lasting key instead of a token: https://openrouter.ai/docs/guides/overview/auth/oauth */
async function exchangeForKey(login: BrowserLogin, { parameters, pkce, options }: Answered): Promise<GrantedToken> {
  const code = parameters.get('code') ?? '';
  if (code === '') throw refusalOf('no_code', options.provider);
  const response = await options.request(login.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ code, code_verifier: pkce.verifier, code_challenge_method: 'S256' }),
  });
  if (!response.ok) throw new Error('the exchange was refused', { cause: response });
  const { key } = keySchema.parse(await response.json());
  options.mask(key);
  return { value: key };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
