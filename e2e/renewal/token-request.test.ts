import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { CLIENT_ID, startOAuthServer } from '../../electron/core/credentials/logins/testing/oauth-server.ts';
import { createTokenRequest, TOKEN_REQUEST_LIMIT_MS } from '../../electron/core/credentials/renewal/token-request.ts';
import { directFetch } from '../../electron/core/network/testing/direct-fetch.ts';

const leftovers: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of leftovers.splice(0)) await end();
});

let passLimit = () => {};
const clock = {
  after(delayMs: number, callback: () => void) {
    expect(delayMs).toBe(TOKEN_REQUEST_LIMIT_MS);
    passLimit = callback;
    return () => {};
  },
};
const requestTokens = createTokenRequest({ clock, fetch: directFetch });
const never = new AbortController().signal;
const TOKEN = 'a-refresh-token-canary';
const ask = (tokenEndpoint: string, refreshToken = TOKEN) =>
  requestTokens({ tokenEndpoint, clientId: 'perch-test', refreshToken }, never);

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  leftovers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const answers = (status: number, body: string, headers: Record<string, string> = {}) =>
  serve((_, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));

test('a server that rotates gives a new pair, and refuses the former token', async () => {
  const server = await startOAuthServer({ accessTokenSeconds: 900 });
  leftovers.push(server.close);
  const first = await server.issueRefreshToken();
  const answer = await ask(server.tokenEndpoint, first);
  expect(answer).toMatchObject({ kind: 'tokens', lifeSeconds: 900 });
  expect(await server.isLive(answer.kind === 'tokens' ? (answer.refreshToken ?? '') : '')).toBe(true);
  expect(await ask(server.tokenEndpoint, first)).toEqual({ kind: 'refused', reason: 'invalid_grant' });
  expect(server.tokenRequests[0]).toContain(`client_id=${CLIENT_ID}`);
});

test.each<[string, number, string, object]>([
  ['nothing but a token', 200, '{"access_token":"t","token_type":"bearer"}', { kind: 'tokens', value: 't' }],
  [
    'an identity of somebody else',
    200,
    '{"access_token":"t","token_type":"bearer","id_token":"x.y.z"}',
    { kind: 'tokens', value: 't' },
  ],
  ['no token', 200, '{"token_type":"bearer"}', { kind: 'failed' }],
  ['no JSON', 200, '<html>', { kind: 'failed' }],
  ['success that is none', 200, '{"error":"bad_refresh_token"}', { kind: 'refused', reason: 'bad_refresh_token' }],
  ['a refusal', 400, '{"error":"invalid_grant"}', { kind: 'refused', reason: 'invalid_grant' }],
  ['another refusal', 401, '{"error":"invalid_client"}', { kind: 'failed', reason: 'invalid_client' }],
  ['what was sent, as an error', 400, `{"error":"${TOKEN}"}`, { kind: 'failed', reason: '400' }],
  ['trouble', 503, 'no', { kind: 'failed', reason: '503' }],
  ['too much', 200, ' '.repeat(70_000), { kind: 'failed', reason: 'UNKNOWN' }],
])('the server answers %s', async (_, status, body, expected) => {
  const answer = await ask(await answers(status, body));
  expect(answer).toMatchObject(expected);
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
});

test('a redirect is not followed', async () => {
  const reached: string[] = [];
  const elsewhere = await serve((request, response) => {
    reached.push(request.url ?? '');
    response.end();
  });
  const answer = await ask(await answers(307, '', { location: elsewhere }));
  expect(answer).toEqual({ kind: 'failed', reason: '307' });
  expect(reached).toEqual([]);
  await fetch(elsewhere);
  expect(reached, 'control').toEqual(['/']);
});

test('no answer within the limit, nobody there, and an end from outside', async () => {
  const silent = await serve(() => passLimit());
  expect(await ask(silent)).toEqual({ kind: 'failed', reason: 'timeout' });
  const gone = await startOAuthServer();
  await gone.close();
  expect(await ask(gone.tokenEndpoint)).toEqual({ kind: 'failed', reason: 'ECONNREFUSED' });
  const end = new AbortController();
  const endless = await serve(() => end.abort());
  const answer = await requestTokens({ tokenEndpoint: endless, clientId: 'c', refreshToken: TOKEN }, end.signal);
  expect(answer.kind).toBe('failed');
});

test.each(['http://example.com/token', 'http://127.0.0.1.example.com/token', 'ftp://127.0.0.1/', 'nonsense'])(
  'nothing is sent to %s',
  async (endpoint) => {
    expect(await ask(endpoint)).toEqual({ kind: 'failed', reason: 'endpoint' });
  },
);
