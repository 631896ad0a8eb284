import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AgentService, createAgentService } from '../../electron/core/agents/agent-service.ts';
import type { CredentialResolution } from '../../electron/core/agents/ports.ts';
import type { Launch } from '../../electron/core/launch/launch.ts';
import { createProviderRegistry } from '../../electron/core/providers/registry.ts';
import { createChildProcessStarter } from '../../electron/core/runner-host/child-process-starter.ts';
import { createPeer, type Peer } from '../../shared/json-rpc/peer.ts';
import type { AgentEvent } from '../../shared/model/run-event.ts';
import {
  type PromptResult,
  RUNNER_PROTOCOL_VERSION,
  type RunnerMethodName,
  type RunnerNotificationParams,
  type RunnerParams,
} from '../../shared/runner-protocol/protocol.ts';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { inVitest } from '../fixtures/long.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const GOOD_KEY = `good-${randomUUID()}`;
const WRONG_KEY = `wrong-${randomUUID()}`;
/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8).toUpperCase()}`;
/** The agents are big: the first start from a cold disk takes most of this. */
const TURN_MS = 180_000;
/** `npm test` keeps the facts of an agent that starts fast, and one command of the other, which is a program in one file. */
const only = (isKept: boolean) => ({ timeout: TURN_MS, ...inVitest(isKept) });

let folder: string;
let provider: FakeProvider;
let runner: Runner;

beforeAll(async () => {
  runner = await startRunner();
});
afterAll(() => runner.stop());

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-agents-')));
  mkdirSync(join(folder, 'project'));
  provider = await startFakeProvider({ goodKeys: [GOOD_KEY], knownWord: WORD });
});
afterEach(async () => {
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const AGENTS = [
  { agentId: 'opencode', refusal: /Incorrect API key provided/ },
  // The adapter keeps the provider's sentence to itself.
  { agentId: 'codex', refusal: /Authentication required/ },
];

for (const { agentId, refusal } of AGENTS) {
  test(`${agentId} answers with the word that only the provider knows`, only(agentId === 'codex'), async () => {
    const turn = await runTurn(agentId, GOOD_KEY);
    expect(turn.result).toEqual({ outcome: 'completed', stopReason: 'end_turn' });
    expect(textOf(turn.events)).toContain(WORD);
    expect(turn.sandbox).toEqual({ state: 'enforced', backend: 'bubblewrap', network: 'proxy' });
    expect(provider.requests.length).toBeGreaterThan(0);
    expect(provider.requests.every(({ credential }) => credential === 'good')).toBe(true);
    expect(turn.said).not.toContain(GOOD_KEY);
  });

  test(`${agentId} with a wrong key fails, and says so`, only(false), async () => {
    const turn = await runTurn(agentId, WRONG_KEY);
    expect(turn.result).toMatchObject({ outcome: 'failed', error: { code: 'AGENT_AUTHENTICATION_FAILED' } });
    expect(turn.result).toHaveProperty('reported', expect.stringMatching(refusal));
    expect(provider.requests.some(({ credential }) => credential === 'wrong')).toBe(true);
    expect(textOf(turn.events)).not.toContain(WORD);
    expect(turn.said).not.toContain(WRONG_KEY);
  });

  test(`${agentId} without a key is refused before anything starts`, { timeout: TURN_MS }, async () => {
    const agents = createAgents(undefined);
    const refused = agents.prepareLaunch({ agentId, projectDir: join(folder, 'project'), model: 'gpt-5.4' });
    await expect(refused).rejects.toMatchObject({
      code: 'MISSING_BYOK_CREDENTIAL',
      values: { providerId: 'openai', variables: 'OPENAI_API_KEY, CODEX_API_KEY' },
    });
    expect(provider.requests).toEqual([]);
  });
}

test('codex without its provider reports the failure that it dresses as an answer', only(false), async () => {
  const turn = await runTurn('codex', GOOD_KEY, { model: 'fake-server-error' });
  expect(turn.result).toMatchObject({ outcome: 'failed', error: { code: 'PROVIDER_SERVER_ERROR' } });
});

test('a model that nobody knows reaches the provider as it was written', only(false), async () => {
  await runTurn('opencode', GOOD_KEY, { model: 'openai/my-own/model' });
  expect(provider.requests.map(({ model }) => model)).toContain('my-own/model');
});

for (const [agentId, tool] of [
  ['opencode', (command: string) => `bash ${JSON.stringify({ command, description: 'look around' })}`],
  ['codex', (command: string) => `exec_command ${JSON.stringify({ cmd: command })}`],
] as const) {
  test(`a command of ${agentId} writes the project and sees nothing of the user`, only(false), async () => {
    writeFileSync(join(folder, 'of-the-user.txt'), 'SECRET-OF-THE-USER');
    writeFileSync(join(folder, 'project', 'input.txt'), 'PART-OF-THE-PROJECT');
    const command = `cat input.txt > made.txt; cat input.txt; cat ${folder}/of-the-user.txt; ls ${folder}; env`;
    const turn = await runTurn(agentId, GOOD_KEY, { prompt: `CALL_TOOL ${tool(command)}` });
    expect(turn.result).toMatchObject({ outcome: 'completed' });
    expect(readFileSync(join(folder, 'project', 'made.txt'), 'utf8')).toBe('PART-OF-THE-PROJECT');
    const seen = JSON.stringify(turn.events) + provider.requests.map(({ toolResult }) => toolResult ?? '').join('\n');
    expect(seen).toContain('PART-OF-THE-PROJECT');
    expect(seen).not.toContain('SECRET-OF-THE-USER');
    expect(seen).not.toContain('from-the-host');
    expect(turn.said).not.toContain(GOOD_KEY);
  });

  test(`a command of ${agentId} does not find the key in its environment`, only(agentId === 'codex'), async () => {
    const turn = await runTurn(agentId, GOOD_KEY, { prompt: `CALL_TOOL ${tool('env > environment.txt')}` });
    expect(turn.result).toMatchObject({ outcome: 'completed' });
    const environment = readFileSync(join(folder, 'project', 'environment.txt'), 'utf8');
    // Positive control: this is the agent's environment, without the one value.
    expect(environment).toMatch(/^HOME=/m);
    expect(environment).not.toContain(GOOD_KEY);
  });
}

interface FinishedTurn {
  readonly result: PromptResult;
  readonly events: readonly AgentEvent[];
  readonly sandbox: unknown;
  /** Everything that the runner said, log lines too. */
  readonly said: string;
}

async function runTurn(
  agentId: string,
  key: string,
  { model, prompt }: { model?: string; prompt?: string } = {},
): Promise<FinishedTurn> {
  const workingDirectory = join(folder, 'project');
  const agents = createAgents(key);
  const { launch, environment, secretNames, policy, ...prepared }: Launch = await agents.prepareLaunch({
    agentId,
    projectDir: workingDirectory,
    model: model ?? 'gpt-5.4',
  });
  const sessionId = randomUUID();
  const from = runner.said.length;
  const variableNames: string[] = [];
  const session = {
    sessionId,
    launch,
    environment,
    secretNames,
    variableNames,
    policy,
    workingDirectory,
    auth: prepared.auth,
  };
  const started = (await runner.request('session.start', session)) as { sandbox: unknown };
  const result = (await runner.request('session.prompt', {
    sessionId,
    turnId: randomUUID(),
    prompt: prompt ?? 'What is the word? Answer with it.',
  })) as PromptResult;
  await runner.request('session.close', { sessionId });
  return {
    result,
    events: runner.events.filter((event) => event.sessionId === sessionId).map(({ event }) => event),
    sandbox: started.sandbox,
    said: runner.said.slice(from).join('\n') + JSON.stringify(result),
  };
}

const textOf = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === 'agent.message' ? event.text : '')).join('');

function createAgents(key: string | undefined): AgentService {
  const overrides = new Map([['openai', `${provider.url}/v1`]]);
  const registry = createProviderRegistry({
    resourcesDir: join(root, 'resources'),
    baseUrls: {
      get: (id) => overrides.get(id),
      set: (id, url) => void overrides.set(id, url),
      reset: (id) => void overrides.delete(id),
    },
  });
  return createAgentService({
    paths: {
      dataDir: join(folder, 'data'),
      resourcesDir: join(root, 'resources'),
      programsDir: join(root, 'dist'),
      nodeExecutable: realpathSync(process.execPath),
      moduleDirs: [join(root, 'node_modules')],
    },
    registry,
    credentials: oneCredential(key),
    // What the agents themselves say of a bad key is tried here.
    liveness: { known: () => [], ensure: async () => [], onChange: () => () => {} },
    settings: {
      agent: () => ({ auth: { mode: 'byo', model: '' }, sandbox: 'on' }),
      resetAgent: () => {},
      forgetAgent: () => {},
      updateAgent: () => ({ auth: { mode: 'byo', model: '' }, sandbox: 'on' }),
    },
    environment: {
      PATH: [join(root, 'e2e', 'agents', 'node_modules', '.bin'), '/usr/bin', '/bin'].join(delimiter),
      HOME: folder,
      LANG: 'C.UTF-8',
      ANTHROPIC_API_KEY: 'from-the-host',
    },
    sandbox: () => ({ state: 'available', backend: 'bubblewrap', version: 'any' }),
    clock: { now: Date.now, after: () => () => {} },
  });
}

/** A key of OpenAI's, kept globally; the rest of the world has none. */
function oneCredential(key: string | undefined) {
  const entry = {
    credentialId: randomUUID(),
    providerId: 'openai',
    variable: 'OPENAI_API_KEY',
    scope: { kind: 'global' as const },
    storage: 'session-only' as const,
    masked: '••••',
    createdAt: 1,
    updatedAt: 1,
    status: 'ok' as const,
  };
  return {
    list: () => (key === undefined ? [] : [entry]),
    resolve({ providerId, accepted }: { providerId: string; accepted: readonly (readonly string[])[] }) {
      const usable = key !== undefined && providerId === 'openai';
      const resolution: CredentialResolution = usable
        ? { state: 'resolved', entries: [entry] }
        : { state: 'missing', accepted: accepted.map((together) => [...together]) };
      return resolution;
    },
    readValues: () => Promise.resolve(new Map([['OPENAI_API_KEY', key ?? '']])),
    onChange: () => () => {},
  };
}

interface Runner {
  readonly events: { sessionId: string; event: AgentEvent }[];
  readonly said: string[];
  request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<unknown>;
  stop(): Promise<void>;
}

interface PermissionRequest {
  readonly sessionId: string;
  readonly turnId: string;
  readonly event: Extract<AgentEvent, { type: 'permission.requested' }>;
}

/** The runner as the core starts it, from its sources. */
async function startRunner(): Promise<Runner> {
  const child = createChildProcessStarter({
    nodeExecutable: process.execPath,
    runnerFile: join(root, 'out', 'test-programs', 'runner.mjs'),
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
  }).start();
  const events: Runner['events'] = [];
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  const peer: Peer = createPeer({
    carrier: child.carrier,
    onRequest: () => Promise.reject(new Error('the runner asks nothing')),
    onNotification(method, params) {
      said.push(JSON.stringify(params));
      if (method === 'runner.ready') ready.resolve();
      if (method !== 'turn.event') return;
      const { sessionId, turnId, event } = params as RunnerNotificationParams<'turn.event'>;
      events.push({ sessionId, event });
      if (event.type === 'permission.requested') allow({ sessionId, turnId, event });
    },
  });
  /** The sandbox has to hold also against a user who allows everything. */
  const allow = ({ sessionId, turnId, event }: PermissionRequest) => {
    const option = event.options.find(({ kind }) => kind === 'allow_once') ?? event.options[0];
    const outcome = { outcome: 'selected', optionId: option?.optionId };
    void peer.request('session.answerPermission', { sessionId, turnId, requestId: event.requestId, outcome });
  };
  child.onStderrLine((line) => said.push(line));
  await Promise.race([
    ready.promise,
    child.exited.then((exit) =>
      Promise.reject(new Error(`the runner ended: ${JSON.stringify(exit)} ${said.join('\n')}`)),
    ),
  ]);
  await peer.request('runner.initialize', { protocolVersion: RUNNER_PROTOCOL_VERSION });
  return {
    events,
    said,
    request: (method, params) => peer.request(method, params),
    async stop() {
      await peer.request('runner.shutdown', {}).catch(() => {});
      child.kill();
      await child.exited;
    },
  };
}
