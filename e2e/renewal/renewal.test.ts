import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  CLIENT_ID,
  type OAuthServer,
  startOAuthServer,
} from '../../electron/core/credentials/logins/testing/oauth-server.ts';
import type { TokenAnswer } from '../../electron/core/credentials/renewal/token-request.ts';
import { createCredentialTrail } from '../../electron/core/credentials/trail.ts';
import type { Scope } from '../../shared/model/credential.ts';
import { type Core, createKept, createTestClock, type Kept, startCore, type TestClock } from './kept.ts';

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GLOBAL: Scope = { kind: 'global' };
const REQUEST = { providerId: 'openai', agentId: 'codex', projectDir: '/p', accepted: [['OPENAI_API_KEY']] };

let server: OAuthServer;
let clock: TestClock;
let kept: Kept;
let core: Core;

beforeEach(async () => {
  server = await startOAuthServer({ accessTokenSeconds: 3600 });
  clock = createTestClock(START);
  kept = createKept(clock);
  core = await startCore({ kept, clock });
});
afterEach(async () => {
  await core.renewer.stop();
  await server.close();
  kept.database.close();
});

async function store(change: { expiresAt?: number; storage?: 'keychain' | 'session-only' } = {}): Promise<string> {
  const refreshToken = await server.issueRefreshToken();
  await core.credentials.setRenewable({
    providerId: 'openai',
    scope: GLOBAL,
    value: 'the-first-access-token-value-1111',
    storage: 'keychain',
    expiresAt: START + HOUR,
    renewal: { refreshToken, tokenEndpoint: server.tokenEndpoint, clientId: CLIENT_ID, scopes: 'openid' },
    ...change,
  });
  return refreshToken;
}
const view = () => core.credentials.list()[0];
const idNow = () => view()?.credentialId ?? '';
async function valueNow(): Promise<string> {
  const resolution = core.credentials.resolve(REQUEST);
  if (resolution.state !== 'resolved') return resolution.state;
  return (await core.credentials.readValues(resolution)).get('OPENAI_API_KEY') ?? '';
}
function until(holds: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = () => holds() && resolve();
  const stop = core.credentials.onChange(check);
  check();
  return promise.finally(stop);
}
/** The refresh token that the keychain holds now. */
const storedToken = async () => (await core.credentials.refreshToken(idNow())) ?? '';

test('it is renewed before its end, unasked, under an id of its own; both tokens are the new ones', async () => {
  const first = await store();
  const former = idNow();
  clock.moveTo(START + HOUR - 5 * MINUTE - 1);
  expect(server.tokenRequests).toEqual([]);
  clock.moveTo(START + HOUR - 5 * MINUTE);
  await until(() => idNow() !== former);
  expect(view()).toMatchObject({ status: 'ok', renewal: { state: 'ok' }, expiresAt: clock.now() + HOUR });
  expect(await valueNow()).not.toContain('first');
  expect(await server.isLive(first)).toBe(false);
  expect(await server.isLive(await storedToken())).toBe(true);
  expect(kept.items.size, 'nothing of the former ones').toBe(2);
  const trail = createCredentialTrail({ database: kept.database, clock });
  expect(trail.list({ limit: 2 }).map(({ kind }) => kind)).toEqual(['refreshed', 'stored']);
  // And again, before the end of the new one.
  const second = idNow();
  clock.moveTo(clock.now() + 55 * MINUTE);
  await until(() => idNow() !== second);
  expect(server.tokenRequests.length).toBe(2);
});

test('one that is for this session only is renewed in memory', async () => {
  await store({ storage: 'session-only' });
  await core.renewer.renew(idNow());
  await core.renewer.renew(idNow());
  expect(await valueNow()).not.toContain('first');
  expect(kept.items.size).toBe(0);
  expect(kept.database.sql.prepare('SELECT * FROM credential').all()).toEqual([]);
});

test('whoever asks while it is being asked, gets the same answer: one request', async () => {
  await store({ expiresAt: START + 1 });
  clock.moveTo(START + 2);
  const id = idNow();
  const [one, other] = await Promise.all([
    core.renewer.renew(id),
    core.renewer.renew(id),
    core.renewer.freshen(REQUEST),
  ]);
  expect(one).toEqual(other);
  expect(server.tokenRequests.length).toBe(1);
});

test('a start renews what has expired, and waits for it; what is good it leaves alone', async () => {
  await store({ expiresAt: START + HOUR });
  await core.renewer.freshen(REQUEST);
  expect(server.tokenRequests).toEqual([]);
  await core.renewer.stop();
  clock.moveTo(START + 2 * HOUR);
  core = await startCore({ kept, clock });
  await core.renewer.freshen(REQUEST);
  expect(await valueNow()).not.toMatch(/first|expired/);
});

test('a failed try keeps the token until its end, says so, and tries again later', async () => {
  await store();
  server.failNext({ kind: 'status', status: 503 });
  clock.moveTo(START + 55 * MINUTE);
  await until(() => view()?.renewal?.state === 'failed');
  expect(view()).toMatchObject({
    status: 'ok',
    renewal: { error: { code: 'RENEWAL_FAILED', values: { reason: '503' } }, nextTryAt: clock.now() + 2500 },
  });
  expect(await valueNow()).toContain('first');
  const former = idNow();
  clock.moveTo(clock.now() + 2500);
  await until(() => idNow() !== former);
  expect(view()?.renewal).toEqual({ state: 'ok' });
});

test('a sign-in that was taken back is tried no more, also by the next core; the token holds until its end', async () => {
  await store();
  server.revokeAll();
  await expect(core.renewer.renew(idNow())).rejects.toMatchObject({ code: 'RENEWAL_REFUSED' });
  expect(view()?.renewal).toEqual({
    state: 'failed',
    error: { code: 'RENEWAL_REFUSED', values: { variable: 'OPENAI_API_KEY', providerId: 'openai' } },
  });
  expect(await valueNow()).toContain('first');
  await core.renewer.stop();
  core = await startCore({ kept, clock });
  await expect(core.renewer.renew(idNow())).rejects.toMatchObject({ code: 'RENEWAL_REFUSED' });
  const told: string[] = [];
  core.credentials.onChange(() => void told.push(view()?.status ?? ''));
  clock.moveTo(START + HOUR);
  expect(told, 'listeners hear of the end').toContain('expired');
  expect(core.credentials.resolve(REQUEST)).toMatchObject({ state: 'expired' });
  expect(server.tokenRequests.length).toBe(1);
});

test('what the keychain would not take is kept and given again, without a second request', async () => {
  let locked = false;
  await core.renewer.stop();
  core = await startCore({ kept, clock, locked: () => locked });
  await store();
  server.failNext({ kind: 'status', status: 500 });
  await expect(core.renewer.renew(idNow())).rejects.toMatchObject({ code: 'RENEWAL_FAILED' });
  const id = idNow();
  const asked = server.untilTokenRequests(2);
  const renewing = core.renewer.renew(id);
  await asked;
  locked = true;
  await expect(renewing).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
  locked = false;
  await core.renewer.renew(id);
  expect(server.tokenRequests.length).toBe(2);
  expect(await server.isLive(await storedToken())).toBe(true);
  expect(kept.items.size).toBe(2);
});

test('neither token is in the database, the log, a view, or an error', async () => {
  const first = await store();
  const value = await valueNow();
  server.failNext({ kind: 'status', status: 400, body: JSON.stringify({ error: first }) });
  const errors = [await core.renewer.renew(idNow()).catch((error: unknown) => error)];
  await core.renewer.renew(idNow());
  const secrets = [first, value, await storedToken(), await valueNow()];
  const tables = kept.database.sql.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  const rows = tables.all().map(({ name }) => kept.database.sql.prepare(`SELECT * FROM ${name}`).all());
  const seen = JSON.stringify([rows, core.logged, core.credentials.list(), core.credentials.renewables(), errors]);
  for (const secret of secrets) expect(seen).not.toContain(secret);
  expect(seen, 'control').toContain(server.tokenEndpoint);
  expect(server.tokenRequests.join(), 'control').toContain(first);
  expect([...kept.items.values()], 'control').toEqual(expect.arrayContaining(secrets.slice(2)));
});

test('with its removal, and with its replacement, the refresh token goes too', async () => {
  await store();
  await core.credentials.remove({ credentialId: idNow() });
  expect(kept.items.size).toBe(0);
  await store();
  await core.credentials.set({ providerId: 'openai', scope: GLOBAL, value: 'sk-another', storage: 'keychain' });
  expect([...kept.items.values()]).toEqual(['sk-another']);
  expect(view()).not.toHaveProperty('renewal');
  expect(core.credentials.renewables()).toEqual([]);
});

test('a removal while the server is being asked: what it gives is not kept', async () => {
  await store();
  const asked = server.untilTokenRequests(1);
  const renewing = core.renewer.renew(idNow());
  await asked;
  await core.credentials.remove({ credentialId: idNow() });
  await expect(renewing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect([core.credentials.list(), kept.items.size]).toEqual([[], 0]);
});

/**
 * The process ends at each call to the keychain in turn, before it or after it. What the server gave is in memory only
 * until the first item is written; from then on nothing may be lost.
 */
test.each(['before', 'after'] as const)(
  'an end of the process %s any call to the keychain loses no token',
  async (when) => {
    const tokens = async (): Promise<TokenAnswer> => ({
      kind: 'tokens',
      value: `a-new-access-token-${'x'.repeat(2000)}`,
      refreshToken: `a-new-refresh-token-${'y'.repeat(2000)}`,
      lifeSeconds: 3600,
    });
    let call = 0;
    for (let died = true; died; ) {
      call += 1;
      const own = createKept(clock);
      const first = await startCore({ kept: own, clock });
      core = first;
      await store();
      await first.renewer.stop();
      const doomed = await startCore({ kept: own, clock, dieAt: { call, when }, requestTokens: tokens });
      const dead = Promise.withResolvers<void>();
      const done = doomed.renewer.renew(idNow()).then(() => dead.resolve());
      const stopWatching = watch(() => doomed.died() && dead.resolve());
      await dead.promise;
      stopWatching();
      died = doomed.died();
      if (!died) await done;
      const wroteToken = [...own.items.values()].join('').split('y').length - 1 === 2000;

      core = await startCore({ kept: own, clock });
      const token = await core.credentials.refreshToken(idNow());
      const value = await valueNow();
      // Whatever the call was: a whole pair, and none but the newest that had been written.
      if (wroteToken) expect(token, `call ${call}`).toMatch(/^a-new-refresh-token-y{2000}$/);
      else expect(token?.length, `call ${call}`).toBeGreaterThan(20);
      expect(value, `call ${call}`).toMatch(/^(the-first-access-token-value-1111|a-new-access-token-x{2000})$/);
      const counts = { first: 1, new: 2 };
      const expected = (value.startsWith('the') ? counts.first : counts.new) + (token?.startsWith('a-new') ? 2 : 1);
      expect(own.items.size, `nothing else is left after call ${call}`).toBe(expected);
      own.database.close();
      if (!died) expect(value).toContain('a-new');
    }
    expect(call, 'it was ended at many a call').toBeGreaterThan(5);
  },
);

/** Calls in every turn of the event loop. */
function watch(look: () => void): () => void {
  let on = true;
  const turn = () => {
    if (!on) return;
    look();
    setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    on = false;
  };
}
