import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLIENT_ID, type OAuthServer, startOAuthServer } from './oauth-server.ts';

let server: OAuthServer;
beforeEach(async () => {
  server = await startOAuthServer({ accessTokenSeconds: 600 });
});
afterEach(() => server.close());

const refresh = (refreshToken: string) =>
  fetch(server.tokenEndpoint, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: refreshToken,
    }),
  });

test('a refresh token is taken once and gives another; the second use ends them all', async () => {
  const first = await server.issueRefreshToken();
  expect(await server.isLive(first)).toBe(true);
  const answer = await refresh(first);
  const tokens = (await answer.json()) as { access_token: string; refresh_token: string; expires_in: number };
  expect(tokens.expires_in).toBe(600);
  expect(tokens.refresh_token).not.toBe(first);
  expect(await server.isLive(first)).toBe(false);
  expect(await server.isLive(tokens.refresh_token)).toBe(true);
  expect(server.tokenRequests.join()).toContain(first);
  const again = await refresh(first);
  expect([again.status, await again.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  expect(await server.isLive(tokens.refresh_token)).toBe(false);
});

test('faults come once each: a status, an answer that is lost', async () => {
  const token = await server.issueRefreshToken();
  server.failNext({ kind: 'status', status: 503 });
  expect((await refresh(token)).status).toBe(503);
  server.failNext({ kind: 'answer-lost' });
  await expect(refresh(token)).rejects.toThrow();
  expect(await server.isLive(token), 'it was used up all the same').toBe(false);
});

test('what was taken back is refused', async () => {
  const token = await server.issueRefreshToken();
  server.revokeAll();
  expect(await (await refresh(token)).json()).toMatchObject({ error: 'invalid_grant' });
});

test('whoever comes with a challenge leaves with a code', async () => {
  const url = new URL(server.authorizationEndpoint);
  const query = {
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1:40123/callback',
    scope: 'openid offline_access',
    prompt: 'consent',
    state: 'of-the-test',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const jar = new Map<string, string>();
  let at = url.href;
  while (at.startsWith(server.origin)) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`${answer.status} ${await answer.text()}`);
    at = new URL(next, at).href;
  }
  expect(at).toMatch(/^http:\/\/127\.0\.0\.1:40123\/callback\?code=.+state=of-the-test/);
});
