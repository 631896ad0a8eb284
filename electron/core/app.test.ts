import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunEvent } from '../../shared/model/run-event.ts';
import { lockDataDirectory } from './api/core-lock.ts';
import { connectLocalSocket } from './api/local-socket.ts';
import { type App, createApp } from './app.ts';
import type { HostPorts } from './ports.ts';
import { callAsWindow, stateWhen } from './wiring/testing/core-calls.ts';
import { testHostPorts, testKeychain } from './wiring/testing/host-ports.ts';
import { createTestInstallation, type TestInstallation } from './wiring/testing/installation.ts';

let installation: TestInstallation;
let apps: App[];
let shown: { title: string; body: string }[];
beforeEach(() => {
  installation = createTestInstallation();
  apps = [];
  shown = [];
});
afterEach(async () => {
  for (const app of apps) await app.dispose();
  installation.remove();
});

function ports(more: Partial<HostPorts> = {}): HostPorts {
  return testHostPorts(installation, {
    // A store of its own for each installation, as on a machine.
    keychain: () => testKeychain(),
    notifications: { show: (notification) => void shown.push(notification) },
    ...more,
  });
}

async function start(more: Partial<HostPorts> = {}): Promise<App> {
  const app = await createApp(ports(more));
  apps.push(app);
  return app;
}

const connected = (app: App) => stateWhen(app, ({ connection }) => connection.kind === 'connected');

test('a core that starts shows starting, then connected, with all slices filled', async () => {
  const app = await start();
  expect(app.hub.state.connection.kind).toBe('starting');
  const state = await connected(app);
  expect(state.settings.selectedAgentId).toBe('demo');
  expect(state.agents.map(({ agentId }) => agentId)).toContain('codex');
  expect(state.providers.map(({ providerId }) => providerId)).toContain('openai');
  const checked = await stateWhen(
    app,
    ({ keychain, host }) => keychain.state !== 'unknown' && host.sandbox.state !== 'checking',
  );
  expect(checked.keychain).toEqual({ state: 'available', store: 'Secret Service' });
  expect(checked.host).toMatchObject({ version: '1.2.3', dataDir: installation.dataDir });
});

test('a killed runner shows reconnecting and then connected', async () => {
  const app = await start();
  await connected(app);
  const kinds: string[] = [];
  app.hub.subscribe({
    listener: ({ event }) => {
      if (event.type === 'state' && event.slice === 'connection') kinds.push(event.value.kind);
    },
  });
  const { events } = await callAsWindow(app, 'runner.timeline', {});
  const pid = events.findLast(({ kind }) => kind === 'ready')?.pid;
  const reconnecting = stateWhen(app, ({ connection }) => connection.kind === 'reconnecting');
  process.kill(pid ?? 0, 'SIGKILL');
  await reconnecting;
  await connected(app);
  expect(kinds).toEqual(['reconnecting', 'connected']);
});

test('a credential is checked at the user’s own endpoint, and its value stays out of every event and file', async () => {
  const value = `sk-canary-${randomUUID()}`;
  const asked: unknown[] = [];
  const provider = createServer(({ url, headers }, response) => {
    asked.push([url, headers.authorization]);
    response.writeHead(401).end(JSON.stringify(headers));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const app = await start();
  const told: unknown[] = [];
  app.hub.subscribe({ listener: ({ event }) => void told.push(event) });
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  await callAsWindow(app, 'providers.setBaseUrl', { providerId: 'openai', baseUrl });
  const credential = { providerId: 'openai', scope: { kind: 'global' }, value, storage: 'keychain' } as const;
  const { credentialId } = (await callAsWindow(app, 'credentials.set', credential)).credential;
  told.push(await callAsWindow(app, 'credentials.check', { credentialId }));
  expect(told.at(-1)).toMatchObject({ credentialId, verdict: 'dead', reason: 'refused', status: 401 });
  expect(asked).toEqual([['/v1/models', `Bearer ${value}`]]);
  await app.dispose();
  provider.close();
  const files = readdirSync(installation.dataDir, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const written = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join();
  expect(written).toContain('openai: dead (refused, 401)');
  expect(written + JSON.stringify(told)).not.toContain(value);
});

test('a turn runs from prompt to end, its events saved and told', async () => {
  const app = await start();
  await connected(app);
  await callAsWindow(app, 'agents.configure', { agentId: 'demo', settings: { sandbox: 'off' } });
  const turnId = randomUUID();
  const told: RunEvent[] = [];
  const ended = new Promise<void>((resolve) => {
    app.hub.subscribe({
      listener: ({ event }) => {
        if (event.type !== 'run') return;
        told.push(event.stored.event);
        if (event.stored.event.type === 'turn.ended') resolve();
      },
    });
  });
  await callAsWindow(app, 'turns.submit', { turnId, agentId: 'demo', prompt: 'Hello' });
  const asked = await stateWhen(app, ({ permissions }) => permissions.length > 0);
  const { requestId = '', options = [] } = asked.permissions[0] ?? {};
  const optionId = options.find(({ kind }) => kind === 'allow_once')?.optionId ?? '';
  await callAsWindow(app, 'turns.answerPermission', { turnId, requestId, outcome: { outcome: 'selected', optionId } });
  await ended;
  const { events, turn } = await callAsWindow(app, 'turns.events', { turnId, after: 0, limit: 1000 });
  expect(turn.failure).toBeUndefined();
  expect(turn.status).toBe('completed');
  expect(events.map(({ event }) => event)).toEqual(told);
  expect(app.hub.state.turns[0]).toMatchObject({ turnId, status: 'completed' });
  // No window was there to see it.
  expect(shown).toEqual([
    expect.objectContaining({ title: 'Demo asks for a permission', turnId }),
    { title: 'Demo is done', body: 'Hello', turnId },
  ]);
});

test('a prompt of 10 MB is refused by a sentence of its own', async () => {
  const app = await start();
  await connected(app);
  const prompt = 'x'.repeat(10 * 1024 * 1024);
  await expect(
    callAsWindow(app, 'turns.submit', { turnId: randomUUID(), agentId: 'demo', prompt }),
  ).rejects.toMatchObject({
    code: 'PROMPT_TOO_LARGE',
  });
});

test('a stored credential shows, satisfies the agents that need it, and is gone after its removal', async () => {
  const app = await start();
  const value = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
  await callAsWindow(app, 'credentials.set', {
    providerId: 'openai',
    scope: { kind: 'global' },
    value,
    storage: 'keychain',
  });
  const [credential] = app.hub.state.credentials;
  expect(credential).toMatchObject({ providerId: 'openai', storage: 'keychain' });
  expect(JSON.stringify(app.hub.state)).not.toContain(value);
  await callAsWindow(app, 'credentials.remove', { credentialId: credential?.credentialId ?? '' });
  expect(app.hub.state.credentials).toEqual([]);
});

test('what is found elsewhere crosses no door and lands in no file, before and after it is taken over', async () => {
  const value = 'sk-proj-canarycanarycanarycanarycanarycanary';
  const keys = join(installation.folder, '.env');
  writeFileSync(keys, `export OPENAI_API_KEY='${value}'\n`);
  writeFileSync(join(installation.folder, '.bash_profile'), `. '${keys}'\n`);
  const app = await start({ environment: { PATH: '/usr/bin:/bin', HOME: installation.folder, SHELL: '/bin/bash' } });
  const scope = { kind: 'global' } as const;
  const said: unknown[] = [];
  for (const source of [{ kind: 'file', path: '~/.env' } as const, { kind: 'shell' } as const]) {
    const { candidates } = await callAsWindow(app, 'credentials.importCandidates', { source });
    expect(candidates).toMatchObject([{ variable: 'OPENAI_API_KEY', masked: '••••••••nary', importable: true }]);
    const candidateIds = candidates.map(({ candidateId }) => candidateId);
    app.log.write({ level: 'info', source: 'test', message: `a careless line: ${value}` });
    const { results } = await callAsWindow(app, 'credentials.import', { candidateIds, scope, storage: 'keychain' });
    expect(results).toMatchObject([{ outcome: 'stored', replaced: source.kind === 'shell' }]);
    said.push(candidates, results);
  }
  expect(app.hub.state.credentials).toHaveLength(1);
  expect(JSON.stringify([said, app.hub.state])).not.toContain('canary');
  await app.dispose();
  const written = readdirSync(installation.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(installation.dataDir, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'));
  expect(written.join()).toContain('a careless line');
  expect(written.join()).not.toContain('canary');
});

test('choosing an agent and an endpoint changes the state; what is not known is refused', async () => {
  const app = await start();
  await callAsWindow(app, 'agents.select', { agentId: 'codex' });
  expect(app.hub.state.settings.selectedAgentId).toBe('codex');
  await callAsWindow(app, 'providers.setBaseUrl', { providerId: 'openai', baseUrl: 'http://127.0.0.1:9/v1' });
  expect(app.hub.state.providers.find(({ providerId }) => providerId === 'openai')).toMatchObject({
    baseUrlSource: 'user',
  });
  const { models } = await callAsWindow(app, 'providers.models', { providerId: 'openai' });
  expect(models[0]).toMatchObject({ name: expect.any(String), price: { input: expect.any(Number) } });
  await expect(callAsWindow(app, 'agents.select', { agentId: 'nobody' })).rejects.toMatchObject({
    code: 'AGENT_UNKNOWN',
  });
  await expect(callAsWindow(app, 'settings.update', { patch: { selectedAgentId: 'nobody' } })).rejects.toMatchObject({
    code: 'AGENT_UNKNOWN',
  });
  const missing = { turnId: randomUUID() };
  await expect(callAsWindow(app, 'turns.get', missing)).rejects.toMatchObject({ code: 'NOT_FOUND', values: {} });
  await expect(callAsWindow(app, 'turns.cancel', missing)).rejects.toMatchObject({ code: 'NOT_FOUND', values: {} });
  await expect(callAsWindow(app, 'logs.file', { log: `session:${randomUUID()}`, reveal: false })).rejects.toMatchObject(
    {
      code: 'LOG_NOT_FOUND',
    },
  );
});

test('a data directory has one core; the second is told, and the first goes on', async () => {
  const app = await start();
  await expect(createApp(ports())).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
  const carrier = await connectLocalSocket(installation.dataDir);
  expect(carrier).not.toBeNull();
  carrier?.close();
  await Promise.all([app.dispose(), app.dispose()]);
  expect(await connectLocalSocket(installation.dataDir)).toBeNull();
  await start();
});

test('settings and the agent’s choice survive a restart', async () => {
  const first = await start();
  await callAsWindow(first, 'agents.select', { agentId: 'opencode' });
  const { epoch } = first.hub.subscribe({ listener: () => {} }).position;
  await first.dispose();
  const second = await start();
  expect(second.hub.state.settings.selectedAgentId).toBe('opencode');
  const back = second.hub.subscribe({ since: { epoch, sequence: 0 }, listener: () => {} });
  expect(back.snapshot).toBeDefined();
});

test('a start that fails leaves nothing open', async () => {
  mkdirSync(installation.dataDir);
  const newer = new BetterSqlite3(join(installation.dataDir, 'perch.db'));
  newer.exec('CREATE TABLE later (x); PRAGMA user_version = 100000');
  newer.close();
  await expect(createApp(ports())).rejects.toMatchObject({ code: 'DATABASE_TOO_NEW' });
  lockDataDirectory(installation.dataDir).release();
  expect(existsSync(join(installation.dataDir, 'run', 'core.sock'))).toBe(false);
});

test('a data directory that cannot be written is said so', async () => {
  writeFileSync(installation.dataDir, 'a file is in the way');
  await expect(createApp(ports())).rejects.toMatchObject({ code: 'DATA_DIRECTORY_NOT_WRITABLE' });
});
