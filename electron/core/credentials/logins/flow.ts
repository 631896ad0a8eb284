import type { AuthorizationServer, Client, TokenEndpointResponse } from 'oauth4webapi';
import { allowInsecureRequests, type CustomFetchOptions, customFetch } from 'oauth4webapi';
import type { LoginPhase } from '../../../../shared/model/login.ts';
import type { Clock } from '../../../node/clock.ts';
import { isLoopback } from '../../providers/loopback.ts';
import type { Request } from './request.ts';

/** The parts that a flow uses. `signal` ends it at any time, with its reason as the error. */
export interface FlowOptions {
  /** The provider's name for people. */
  readonly provider: string;
  readonly clientId: string | undefined;
  readonly clock: Clock;
  readonly request: Request;
  readonly signal: AbortSignal;
  /** Masks a value in all that Perch writes, until the flow is over. */
  readonly mask: (value: string) => void;
  readonly page: () => CallbackText;
}

/** The text of the local page to which the browser returns. */
export interface CallbackText {
  readonly locale: string;
  readonly title: string;
  readonly body: string;
}

/** The token, and what renews it where the server gives such a thing. */
export interface GrantedToken {
  readonly value: string;
  /** Milliseconds since the epoch; absent: it lasts. */
  readonly expiresAt?: number;
  readonly renewal?: { refreshToken: string; tokenEndpoint: string; clientId: string; scopes?: string };
}

/** A flow that waits for the user. */
export interface Flow {
  readonly shown: Extract<LoginPhase, { state: 'waiting-for-browser' | 'user-code' }>;
  /**
   * The provider's token, once the user has agreed; `onAgreed` is called before it is fetched.
   * @throws PerchError SIGN_IN_*
   */
  token(onAgreed: () => void): Promise<GrantedToken>;
}

/** The library covers the standard; its requests to these endpoints go through our own bounded request. */
export function oauthParts({ clientId, request }: Pick<FlowOptions, 'clientId' | 'request'>, tokenUrl: string) {
  const { origin, hostname } = new URL(tokenUrl);
  const server: AuthorizationServer = { issuer: origin, token_endpoint: tokenUrl };
  const client: Client = { client_id: clientId ?? '' };
  const http = {
    [customFetch]: (url: string, { method, headers, body }: CustomFetchOptions<'POST', URLSearchParams>) =>
      request(url, { method, headers, body }),
    // The registry takes http on this machine only.
    [allowInsecureRequests]: isLoopback(hostname),
  };
  return { server, client, http };
}

export function grantedToken(
  answer: TokenEndpointResponse,
  { clientId = '', clock, mask }: FlowOptions,
  { tokenUrl, scopes }: { tokenUrl: string; scopes: readonly string[] },
): GrantedToken {
  const { access_token: value, expires_in: life, refresh_token: refreshToken } = answer;
  mask(value);
  if (refreshToken !== undefined) mask(refreshToken);
  const renewal = refreshToken && { refreshToken, tokenEndpoint: tokenUrl, clientId, scopes: scopes.join(' ') };
  return {
    value,
    ...(life === undefined ? {} : { expiresAt: clock.now() + life * 1000 }),
    ...(renewal ? { renewal } : {}),
  };
}
