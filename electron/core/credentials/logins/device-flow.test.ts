import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { DeviceLogin } from '../../providers/schema.ts';
import { createHarness } from './testing/harness.ts';
import { CLIENT_ID, startOAuthServer } from './testing/oauth-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const SECONDS = 1000;

async function started(urls: Pick<DeviceLogin, 'deviceUrl' | 'tokenUrl'>) {
  const login: DeviceLogin = { flow: 'device', variable: 'TEST_TOKEN', scopes: ['openid'], ...urls };
  const made = createHarness(login, { loginClientId: CLIENT_ID });
  closers.push(made.service.dispose);
  const { phase, loginId } = await made.start();
  if (phase.state !== 'user-code') throw new Error(phase.state);
  return { ...made, ...phase, loginId, phase: made.phase };
}

async function real() {
  const oauth = await startOAuthServer();
  closers.push(oauth.close);
  return { oauth, ...(await started({ deviceUrl: oauth.deviceAuthorizationEndpoint, tokenUrl: oauth.tokenEndpoint })) };
}

interface Fake {
  status?: number;
  body: unknown;
}

/** GitHub's manner: every error has status 200. */
async function fake(answers: Fake[], granted: Record<string, unknown> = {}) {
  let questions = 0;
  const server = createServer((request, response) => {
    request.resume();
    const code = {
      device_code: 'the-device-code',
      user_code: 'WDJB-MJHT',
      verification_uri: 'https://example.org/device',
      expires_in: 900,
      interval: 5,
      ...granted,
    };
    const answer: Fake =
      request.url === '/device'
        ? { body: code }
        : (answers[questions++] ?? { body: { error: 'authorization_pending' } });
    if (answer.status === 0) response.destroy();
    else
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { deviceUrl: `${url}/device`, tokenUrl: `${url}/token`, questions: () => questions };
}

const GRANTED = { body: { access_token: 'gho-token-of-a-test-012345', token_type: 'bearer', scope: '' } };
const PENDING = { body: { error: 'authorization_pending' } };

test('a real server gives a token once the user agreed', async () => {
  const { oauth, code, url, clock, stored, phase, seen, everMasked } = await real();
  expect(url).toBe(`${oauth.origin}/device`);
  await clock.timerIn(5 * SECONDS);
  clock.advance(5 * SECONDS);
  await clock.timerIn(5 * SECONDS);
  expect(stored).toEqual([]);
  await oauth.decide(code, 'allow');
  clock.advance(5 * SECONDS);
  await phase('done');
  const token = stored[0]?.value ?? '';
  expect(await oauth.knows(token)).toBe(true);
  expect(everMasked).toContain(token);
  expect(JSON.stringify(seen)).not.toContain(token);
  expect(JSON.stringify(seen)).toContain(code);
});

test('a real server that is told no by the user ends it', async () => {
  const { oauth, code, clock, stored, phase } = await real();
  await oauth.decide(code, 'deny');
  await clock.timerIn(5 * SECONDS);
  clock.advance(5 * SECONDS);
  expect((await phase('failed')).error.code).toBe('SIGN_IN_DENIED');
  expect(stored).toEqual([]);
});

test('slow_down makes it slower by five seconds', async () => {
  const server = await fake([PENDING, { body: { error: 'slow_down', interval: 10 } }, GRANTED]);
  const { clock, stored, phase } = await started(server);
  for (const seconds of [5, 5, 10]) {
    await clock.timerIn(seconds * SECONDS);
    clock.advance(seconds * SECONDS);
  }
  await phase('done');
  expect(server.questions()).toBe(3);
  expect(stored[0]?.value).toBe('gho-token-of-a-test-012345');
});

test.each([
  [{ body: { error: 'expired_token' } }, 'SIGN_IN_TIMED_OUT'],
  [{ body: { error: 'access_denied' } }, 'SIGN_IN_DENIED'],
  [{ body: { error: 'incorrect_device_code' } }, 'SIGN_IN_REFUSED'],
  [{ status: 401, body: 'nothing of the standard' }, 'SIGN_IN_REFUSED'],
])('%j ends it with %s', async (answer, code) => {
  const { clock, phase } = await started(await fake([answer]));
  await clock.timerIn(5 * SECONDS);
  clock.advance(5 * SECONDS);
  expect((await phase('failed')).error.code).toBe(code);
});

test('two questions without an answer pass, three do not', async () => {
  const gone = { status: 0, body: '' };
  const down = { status: 503, body: 'down' };
  const back = await started(await fake([gone, down, PENDING, gone, GRANTED]));
  for (let question = 0; question < 5; question++) {
    await back.clock.timerIn(5 * SECONDS);
    back.clock.advance(5 * SECONDS);
  }
  await back.phase('done');
  const lost = await started(await fake([gone, gone, gone]));
  for (let question = 0; question < 3; question++) {
    await lost.clock.timerIn(5 * SECONDS);
    lost.clock.advance(5 * SECONDS);
  }
  expect((await lost.phase('failed')).error.code).toBe('SIGN_IN_UNREACHABLE');
});

test('a code that is over is not asked for any more, nor after a cancel', async () => {
  const server = await fake([]);
  const late = await started(await fake([], { expires_in: 4 }));
  late.clock.advance(4 * SECONDS);
  expect((await late.phase('failed')).error.code).toBe('SIGN_IN_TIMED_OUT');
  const { clock, service, loginId, phase } = await started(server);
  service.cancel({ loginId });
  await phase('cancelled');
  clock.advance(60 * SECONDS);
  expect(server.questions()).toBe(0);
});

test('an address that is no web address is not shown', async () => {
  const server = await fake([], { verification_uri: 'javascript:alert(1)' });
  await expect(started(server)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
});
