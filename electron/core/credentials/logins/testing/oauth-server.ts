import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** What the token endpoint does with the next request instead of answering it as it should. */
type TokenFault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly location?: string }
  /** Takes the request and never answers. */
  | { readonly kind: 'silence' }
  /** Does what it was asked, and the answer is lost. */
  | { readonly kind: 'answer-lost' };

export interface OAuthServer {
  readonly origin: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly deviceAuthorizationEndpoint: string;
  /** Bodies of the requests to the token endpoint, tokens included: a scan needs something to find. */
  readonly tokenRequests: readonly string[];
  /** Resolves when that many requests have reached the token endpoint. */
  untilTokenRequests(count: number): Promise<void>;
  failNext(fault: TokenFault): void;
  /** What the user does on the verification page, with a device's code. */
  decide(userCode: string, decision: 'allow' | 'deny'): Promise<void>;
  /** Whether it takes the access token for one that it issued. */
  knows(accessToken: string): Promise<boolean>;
  /** A refresh token as a finished sign-in gives one. */
  issueRefreshToken(): Promise<string>;
  /** Whether it was given out by this server and is neither used up nor revoked. */
  isLive(refreshToken: string): Promise<boolean>;
  /** Ends every grant: the user takes the access back. */
  revokeAll(): void;
  close(): Promise<void>;
}

export const CLIENT_ID = 'perch-test';
const ACCOUNT_ID = 'a-person';
const SCOPE = 'openid offline_access';

/**
 * A real OAuth server on loopback: PKCE, device flow, refresh tokens that are taken once. Whoever is sent to its
 * authorization endpoint is signed in and asked nothing.
 */
export async function startOAuthServer({ accessTokenSeconds = 3600 } = {}): Promise<OAuthServer> {
  const tokenRequests: string[] = [];
  const waiting = new Set<() => void>();
  const faults: TokenFault[] = [];
  const grantIds: string[] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(origin, configuration(accessTokenSeconds));
  const callback = provider.callback();

  const finish = async (request: IncomingMessage, response: ServerResponse) => {
    const { params } = await provider.interactionDetails(request, response);
    const grantId = await newGrant(String(params.client_id));
    const result = { login: { accountId: ACCOUNT_ID }, consent: { grantId } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  const newGrant = async (clientId: string) => {
    const grant = new provider.Grant({ accountId: ACCOUNT_ID, clientId });
    grant.addOIDCScope(SCOPE);
    const grantId = await grant.save();
    grantIds.push(grantId);
    return grantId;
  };
  const onToken = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    // Not a listener for `data`: that would take the body away from the server behind.
    const push = request.push.bind(request);
    request.push = (chunk: Buffer | null, ...rest) => {
      if (chunk !== null) chunks.push(chunk);
      else {
        tokenRequests.push(Buffer.concat(chunks).toString('utf8'));
        for (const check of waiting) check();
      }
      return push(chunk, ...rest);
    };
    const fault = faults.shift();
    if (fault === undefined) return callback(request, response);
    if (fault.kind === 'silence') return request.resume();
    if (fault.kind === 'status') {
      const headers = fault.location === undefined ? {} : { location: fault.location };
      request.resume();
      return response.writeHead(fault.status, { 'content-type': 'application/json', ...headers }).end(fault.body ?? '');
    }
    response.end = () => response.destroy();
    return callback(request, response);
  };
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    if (pathname === '/token') return void onToken(request, response);
    if (!pathname.startsWith('/interaction/')) return void callback(request, response);
    finish(request, response).catch((error: unknown) => void response.writeHead(500).end(String(error)));
  });

  return {
    origin,
    authorizationEndpoint: `${origin}/auth`,
    tokenEndpoint: `${origin}/token`,
    deviceAuthorizationEndpoint: `${origin}/device/auth`,
    tokenRequests,
    async untilTokenRequests(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const check = () => tokenRequests.length >= count && resolve();
      waiting.add(check);
      check();
      await promise;
      waiting.delete(check);
    },
    failNext: (fault) => void faults.push(fault),
    async decide(userCode, decision) {
      const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
      if (code === undefined) throw new Error('no such user code');
      if (decision === 'deny') code.error = 'access_denied';
      else {
        Object.assign(code, { accountId: ACCOUNT_ID, grantId: await newGrant(CLIENT_ID), scope: 'openid', claims: {} });
      }
      await code.save();
    },
    knows: async (accessToken) => (await provider.AccessToken.find(accessToken)) !== undefined,
    async issueRefreshToken() {
      const client = await provider.Client.find(CLIENT_ID);
      if (client === undefined) throw new Error('the client is not registered');
      const grantId = await newGrant(CLIENT_ID);
      const token = new provider.RefreshToken({
        accountId: ACCOUNT_ID,
        client,
        grantId,
        gty: 'authorization_code',
        scope: SCOPE,
      } as ConstructorParameters<typeof provider.RefreshToken>[0]);
      return await token.save();
    },
    async isLive(refreshToken) {
      const token = await provider.RefreshToken.find(refreshToken);
      if (token === undefined || token.consumed) return false;
      return (await provider.Grant.find(token.grantId ?? '')) !== undefined;
    },
    revokeAll() {
      for (const grantId of grantIds.splice(0)) void provider.Grant.adapter.destroy(grantId);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration(accessTokenSeconds: number): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        // The port of a native client's loopback address is its own choice (RFC 8252, 7.3).
        redirect_uris: ['http://127.0.0.1/callback'],
      },
    ],
    cookies: { keys: [randomUUID()] },
    features: { devInteractions: { enabled: false }, deviceFlow: { enabled: true }, revocation: { enabled: true } },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access'],
    ttl: { AccessToken: accessTokenSeconds, DeviceCode: 600, Grant: 86_400, RefreshToken: 86_400, Session: 600 },
  };
}
