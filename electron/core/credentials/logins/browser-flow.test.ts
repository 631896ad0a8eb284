import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BrowserLogin } from '../../providers/schema.ts';
import { BROWSER_LIMIT_MS } from './browser-flow.ts';
import { browse } from './testing/browse.ts';
import { createHarness } from './testing/harness.ts';
import { CLIENT_ID, type OAuthServer, startOAuthServer } from './testing/oauth-server.ts';

let oauth: OAuthServer;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  oauth = await startOAuthServer();
});
afterEach(async () => {
  await oauth.close();
  for (const close of closers.splice(0)) await close();
});

const standard = (patch: Partial<BrowserLogin> = {}): BrowserLogin => ({
  flow: 'browser',
  variable: 'TEST_KEY',
  authorizationUrl: oauth.authorizationEndpoint,
  tokenUrl: oauth.tokenEndpoint,
  form: 'oauth',
  redirect: { host: '127.0.0.1', port: 47_991, anyPort: true, path: '/callback' },
  scopes: ['openid'],
  ...patch,
});

function harness(login: BrowserLogin) {
  const made = createHarness(login, { loginClientId: CLIENT_ID });
  closers.push(made.service.dispose);
  return made;
}

async function started(login = standard()) {
  const made = harness(login);
  const { phase, loginId } = await made.start();
  if (phase.state !== 'waiting-for-browser') throw new Error(phase.state);
  return { ...made, url: phase.url, loginId };
}

/** With headers and methods of our own; a connection that is refused is `refused`. */
async function ask(address: string, options: { host?: string; method?: string } = {}): Promise<number | 'refused'> {
  const { promise, resolve } = Promise.withResolvers<number | 'refused'>();
  const sent = request(address, {
    method: options.method ?? 'GET',
    agent: false,
    headers: options.host === undefined ? {} : { host: options.host },
  });
  sent.on('response', (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  sent.on('error', () => resolve('refused'));
  sent.end();
  return await promise;
}

test('a token of a real server is stored, with what renews it', async () => {
  const { url, stored, phase, seen, everMasked, masked } = await started();
  const back = await browse(url, oauth.origin);
  const page = await fetch(back);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).not.toMatch(/<script|code=|state=/);
  await phase('done');
  const [params] = stored;
  expect(await oauth.knows(params?.value ?? '')).toBe(true);
  expect(params).toMatchObject({ variable: 'TEST_KEY', scope: { kind: 'global' }, storage: 'keychain' });
  expect(params?.expiresAt).toBe(1_000_000 + 3_600_000);
  expect(params?.renewal).toMatchObject({ tokenEndpoint: oauth.tokenEndpoint, clientId: CLIENT_ID });
  const code = new URL(back).searchParams.get('code') ?? '';
  const secrets = [params?.value ?? '', params?.renewal?.refreshToken ?? '', code];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20);
    expect(everMasked).toContain(secret);
    expect(JSON.stringify(seen)).not.toContain(secret);
  }
  expect(seen.map(([view]) => view?.phase.state)).toEqual(['waiting-for-browser', 'exchanging', 'done']);
  // The scan sees what is there.
  expect(JSON.stringify(seen)).toContain(new URL(url).searchParams.get('state'));
  await new Promise(setImmediate);
  expect([...masked]).toEqual([]);
});

test('only the right request counts, and it counts once', async () => {
  const { url, stored, phase } = await started();
  const back = new URL(await browse(url, oauth.origin));
  const with_ = (patch: Record<string, string>) => {
    const other = new URL(back);
    for (const [name, value] of Object.entries(patch)) other.searchParams.set(name, value);
    return other.href;
  };
  expect(await ask(with_({ state: 'another' }))).toBe(404);
  expect(await ask(back.href.replace(/state=[^&]*/, ''))).toBe(404);
  expect(await ask(back.href.replace('/callback', '/callback/'))).toBe(404);
  expect(await ask(back.href.replace('/callback', '/'))).toBe(404);
  expect(await ask(back.href, { host: 'evil.example' })).toBe(404);
  expect(await ask(back.href, { host: `localhost:${back.port}` })).toBe(404);
  expect(await ask(back.href, { method: 'POST' })).toBe(404);
  expect(await ask(back.href, { method: 'HEAD' })).toBe(404);
  expect(stored).toEqual([]);
  expect(await ask(back.href)).toBe(200);
  await phase('done');
  expect(await ask(back.href)).toBe('refused');
  expect(stored).toHaveLength(1);
});

test('a refusal of the user stores nothing and says so', async () => {
  const { url, stored, phase } = await started();
  const asked = new URL(url);
  const back = new URL(asked.searchParams.get('redirect_uri') ?? '');
  back.searchParams.set('state', asked.searchParams.get('state') ?? '');
  back.searchParams.set('error', 'access_denied');
  expect(await ask(back.href)).toBe(200);
  expect((await phase('failed')).error).toEqual({ code: 'SIGN_IN_DENIED', values: { provider: 'Test' } });
  expect(stored).toEqual([]);
});

test('a code that the server did not give is refused, and not repeated', async () => {
  const { url, phase, everMasked } = await started();
  const back = new URL(await browse(url, oauth.origin));
  back.searchParams.set('code', 'made-up-code');
  expect(await ask(back.href)).toBe(200);
  const { error } = await phase('failed');
  expect(error).toEqual({ code: 'SIGN_IN_REFUSED', values: { provider: 'Test', reason: 'invalid_grant' } });
  expect(everMasked).toContain('made-up-code');
});

test('cancelling and time both end it, and the port with it', async () => {
  const cancelled = await started();
  cancelled.service.cancel({ loginId: cancelled.loginId });
  await cancelled.phase('cancelled');
  expect(await ask('http://127.0.0.1:47991/callback')).toBe('refused');
  cancelled.service.cancel({ loginId: cancelled.loginId });
  expect(cancelled.service.list()).toEqual([]);
  expect(() => cancelled.service.cancel({ loginId: cancelled.loginId })).toThrow('NOT_FOUND');

  const late = await started();
  late.clock.advance(BROWSER_LIMIT_MS - 1);
  expect(late.service.list()[0]?.phase.state).toBe('waiting-for-browser');
  late.clock.advance(1);
  expect((await late.phase('failed')).error.code).toBe('SIGN_IN_TIMED_OUT');
});

test('a second sign-in at the same provider ends the first', async () => {
  const first = await started();
  const second = await first.start();
  expect(first.service.list().map(({ loginId }) => loginId)).toEqual([second.loginId]);
  expect(second.phase).toMatchObject({ url: expect.stringContaining('47991') });
});

test.each(['127.0.0.1', '::1'])('where the port is taken at %s another one is used, or it is said', async (address) => {
  const other = createServer();
  const hasAddress = await new Promise((resolve) => {
    other.once('error', () => resolve(false));
    other.listen(47_991, address, () => resolve(true));
  });
  if (hasAddress === false) return;
  closers.push(() => new Promise((resolve) => other.close(resolve)));
  const redirect = { ...standard().redirect, host: 'localhost' as const };
  const { url } = await started(standard({ redirect }));
  const { hostname, port } = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
  expect(hostname).toBe('localhost');
  expect(Number(port)).toBeGreaterThan(1024);
  expect(port).not.toBe('47991');
  const fixed = harness(standard({ redirect: { ...redirect, anyPort: false } }));
  await expect(fixed.start()).rejects.toMatchObject({ code: 'SIGN_IN_PORT_TAKEN', values: { port: 47_991 } });
  expect(fixed.service.list()).toEqual([]);
});

test('a network that is gone is named by host and cause', async () => {
  const { url, phase } = await started(standard({ tokenUrl: 'http://127.0.0.1:9/token' }));
  const back = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
  back.searchParams.set('state', new URL(url).searchParams.get('state') ?? '');
  back.searchParams.set('code', 'a-code');
  await ask(back.href);
  const { error } = await phase('failed');
  expect(error.code).toBe('SIGN_IN_UNREACHABLE');
  expect(JSON.stringify(error)).not.toContain('a-code');
});

test('nothing is begun without a client, without a sign-in, or with a keychain that takes nothing', async () => {
  await expect(createHarness(standard()).start()).rejects.toMatchObject({ code: 'SIGN_IN_CLIENT_ID_MISSING' });
  await expect(createHarness(undefined).start()).rejects.toMatchObject({ code: 'SIGN_IN_NOT_OFFERED' });
  const locked = createHarness(standard(), { loginClientId: CLIENT_ID, health: 'locked' });
  await expect(locked.start()).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
});

interface Asked {
  readonly contentType: string | undefined;
  readonly body: Record<string, string>;
}

async function keyServer(answer: { status: number; body: string }): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server: Server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    asked.push({ contentType: incoming.headers['content-type'], body: JSON.parse(text) as Record<string, string> });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const KEY = 'sk-a-lasting-key-of-a-test-0123456789';

test('a key is fetched for the code, with the verifier of the challenge', async () => {
  const server = await keyServer({ status: 200, body: JSON.stringify({ key: KEY, user_id: 'somebody' }) });
  const { url, stored, phase, seen, everMasked } = await started(
    standard({ form: 'key-for-code', tokenUrl: `${server.url}/keys`, scopes: [] }),
  );
  const { searchParams } = new URL(url);
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  const callback = searchParams.get('callback_url') ?? '';
  expect(await ask(`${callback.slice(0, -1)}?code=the-code`)).toBe(404);
  expect(await ask(`${callback}?code=the-code`)).toBe(200);
  await phase('done');
  expect(stored[0]?.value).toBe(KEY);
  expect(stored[0]).not.toHaveProperty('renewal');
  const [sent] = server.asked;
  expect(sent?.contentType).toBe('application/json');
  expect(sent?.body).toMatchObject({ code: 'the-code', code_challenge_method: 'S256' });
  const verifier = sent?.body.code_verifier ?? '';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  expect(Buffer.from(digest).toString('base64url')).toBe(searchParams.get('code_challenge'));
  for (const secret of [KEY, verifier, 'the-code']) {
    expect(everMasked).toContain(secret);
    expect(JSON.stringify(seen)).not.toContain(secret);
  }
});

test.each([
  [403, '{"error":{"message":"Invalid code or code_verifier"}}', 'HTTP 403'],
  [500, 'oops', 'HTTP 500'],
  [302, '', 'HTTP 302'],
  [200, '{"no":"key"}', 'invalid_answer'],
  [200, 'not json', 'invalid_answer'],
])('an exchange answered with %s %s is a refusal', async (status, body, reason) => {
  const server = await keyServer({ status, body });
  const { url, phase, stored } = await started(standard({ form: 'key-for-code', tokenUrl: `${server.url}/keys` }));
  await ask(`${new URL(url).searchParams.get('callback_url')}?code=the-code`);
  expect((await phase('failed')).error).toEqual({ code: 'SIGN_IN_REFUSED', values: { provider: 'Test', reason } });
  expect(stored).toEqual([]);
});
