import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { AgentEvent } from '../../../shared/model/run-event.ts';
import type { RunnerUnderTest } from '../testing/runner-process.ts';
import { fakeAgent, startParams, type TestFolders } from '../testing/session-params.ts';
import { withRunner } from '../testing/set-up.ts';
import { FOLDER_PREFIX } from './left-over.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
let server: Server;
let port: number;

afterEach(() => server.close());
withRunner(async (own) => {
  ({ runner, folders } = own);
  server = createServer((socket) => socket.on('error', () => undefined).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

const local = (): NetworkRules => ({ hosts: [], loopback: [{ address: '127.0.0.1', port }] });
const NOTHING: NetworkRules = { hosts: [], loopback: [] };

async function start(rules: NetworkRules): Promise<string> {
  const policy = { network: { kind: 'proxy', ...rules } } as const;
  const params = startParams({ folders, script: fakeAgent('reaching'), policy });
  await runner.request('session.start', params);
  return params.sessionId;
}

/** The status that the proxy answered an agent in its sandbox. */
async function reach(sessionId: string, target: string): Promise<string> {
  const turnId = randomUUID();
  await runner.request('session.prompt', { sessionId, turnId, prompt: target });
  const events = runner.notifications.filter(({ name, params }) => name === 'turn.event' && params.turnId === turnId);
  return events
    .map(({ params }) => params.event as AgentEvent)
    .map((event) => (event.type === 'agent.message' ? event.text : ''))
    .join('');
}

const refusals = () => runner.notifications.filter(({ name }) => name === 'egress.refused').map(({ params }) => params);

it('an agent in the sandbox reaches what its policy names, and is refused the rest, which each turn tells', async () => {
  const sessionId = await start(local());
  expect(await reach(sessionId, `127.0.0.1:${port}`)).toBe('200');
  expect(await reach(sessionId, 'elsewhere.test:443')).toBe('403');
  expect(await reach(sessionId, 'elsewhere.test:443')).toBe('403');
  const refusal = { sessionId, turnId: expect.any(String), host: 'elsewhere.test', port: 443, reason: 'not-allowed' };
  expect(refusals()).toEqual([refusal, refusal]);
});

it('a running session takes other hosts, whole or not at all', async () => {
  const sessionId = await start(NOTHING);
  const here = `127.0.0.1:${port}`;
  expect(await reach(sessionId, here)).toBe('403');
  await runner.request('session.setHosts', { sessionId, rules: local() });
  expect(await reach(sessionId, here)).toBe('200');
  const broken = { hosts: [{ host: 'no host', ports: [443] }], loopback: [] };
  await expect(runner.request('session.setHosts', { sessionId, rules: broken })).rejects.toMatchObject({
    code: 'INVALID_PARAMS',
  });
  expect(await reach(sessionId, here)).toBe('200');
  await runner.request('session.setHosts', { sessionId, rules: NOTHING });
  expect(await reach(sessionId, here)).toBe('403');
});

it('a policy with a broken rule starts nothing', async () => {
  await expect(start({ hosts: [{ host: '*', ports: [443] }], loopback: [] })).rejects.toMatchObject({
    code: 'INVALID_PARAMS',
  });
});

it('a session without a proxy has no hosts to change', async () => {
  const params = startParams({ folders, script: fakeAgent('reaching'), policy: { network: { kind: 'none' } } });
  await runner.request('session.start', params);
  const { sessionId } = params;
  await expect(runner.request('session.setHosts', { sessionId, rules: NOTHING })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await reach(sessionId, `127.0.0.1:${port}`)).toBe('ECONNREFUSED');
});

const egressFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(FOLDER_PREFIX));

/** As a program does that tidies up the system's temporary files. */
async function startAndTakeAway(script: string): Promise<{ sessionId: string; takeAway: () => void }> {
  const before = new Set(egressFolders());
  const params = startParams({
    folders,
    script: fakeAgent(script),
    policy: { network: { kind: 'proxy', ...local() } },
  });
  await runner.request('session.start', params);
  const mine = egressFolders().filter((name) => !before.has(name));
  const takeAway = () => {
    for (const name of mine) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  };
  return { sessionId: params.sessionId, takeAway };
}

it('a turn whose proxy is gone is told so, and its session makes room for one with a way out', async () => {
  const { sessionId, takeAway } = await startAndTakeAway('slow');
  const turnId = randomUUID();
  const running = runner.request('session.prompt', { sessionId, turnId, prompt: 'go on' });
  await runner.seen(({ name, params }) => name === 'turn.event' && params.turnId === turnId);
  takeAway();
  const told = await runner.seen(
    ({ name, params }) => name === 'turn.event' && (params.event as AgentEvent).type === 'notice',
  );
  expect(told.params.event).toMatchObject({ level: 'warn', key: 'notice.network-gone' });
  await runner.request('session.cancel', { sessionId, turnId });
  await running;
  await runner.seen(({ name, params }) => name === 'session.exited' && params.sessionId === sessionId);
}, 60_000);

it('a session whose proxy goes between turns ends by itself: the next turn begins with another', async () => {
  const { sessionId, takeAway } = await startAndTakeAway('reaching');
  expect(await reach(sessionId, `127.0.0.1:${port}`)).toBe('200');
  takeAway();
  await runner.seen(({ name, params }) => name === 'session.exited' && params.sessionId === sessionId);
}, 60_000);
