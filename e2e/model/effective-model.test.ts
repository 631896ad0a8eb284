import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../electron/core/app.ts';
import type { Keychain } from '../../electron/core/ports.ts';
import { callAsWindow, stateWhen } from '../../electron/core/wiring/testing/core-calls.ts';
import { testHostPorts } from '../../electron/core/wiring/testing/host-ports.ts';
import { createTestInstallation, type TestInstallation } from '../../electron/core/wiring/testing/installation.ts';
import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import { inVitest } from '../fixtures/long.ts';
import { type ScriptedProvider, startProvider } from '../gate/provider.ts';

const VARIABLES = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY', openrouter: 'OPENROUTER_API_KEY' };
type ProviderId = keyof typeof VARIABLES;
const WAYS = ['launch', 'acp-set-model', 'acp-config-option'] as const;
type Way = (typeof WAYS)[number];

interface Row {
  readonly name: string;
  /** Providers for which there is a credential. */
  readonly credentials: readonly ProviderId[];
  readonly setting?: { readonly model?: string; readonly providerId?: ProviderId };
  readonly turn?: string;
  /** What each of them says: shown, gated, planned, told to the agent, and kept of the turn. */
  readonly expected: { readonly model: string; readonly providerId: ProviderId };
  /** Without the turn's own wish; absent: the same. */
  readonly shown?: { readonly model: string; readonly providerId: ProviderId };
}

const BOTH = ['openai', 'anthropic'] as const;
const ROWS: readonly Row[] = [
  {
    name: 'nothing is chosen: the only usable provider, and no model at all',
    credentials: ['openai'],
    expected: { model: '', providerId: 'openai' },
  },
  {
    name: 'a model: its owner answers',
    credentials: BOTH,
    setting: { model: 'claude-x' },
    expected: { model: 'claude-x', providerId: 'anthropic' },
  },
  {
    name: 'with a chosen provider the string passes whole',
    credentials: ['openai', 'anthropic', 'openrouter'],
    setting: { model: 'anthropic/claude-x', providerId: 'openrouter' },
    expected: { model: 'anthropic/claude-x', providerId: 'openrouter' },
  },
  {
    name: 'without one it is split',
    credentials: ['openai', 'anthropic', 'openrouter'],
    setting: { model: 'anthropic/some-model' },
    expected: { model: 'some-model', providerId: 'anthropic' },
  },
  {
    name: 'the turn goes before the setting, and its owner answers',
    credentials: BOTH,
    setting: { model: 'claude-x' },
    turn: 'gpt-9',
    expected: { model: 'gpt-9', providerId: 'openai' },
    shown: { model: 'claude-x', providerId: 'anthropic' },
  },
  {
    name: 'the turn asks for the default',
    credentials: BOTH,
    setting: { model: 'claude-x', providerId: 'anthropic' },
    turn: '',
    expected: { model: '', providerId: 'anthropic' },
    shown: { model: 'claude-x', providerId: 'anthropic' },
  },
];

let installation: TestInstallation;
let projectDir: string;
let resourcesDir: string;
let provider: ScriptedProvider;
let items: Map<string, string>;
let app: App | undefined;

beforeEach(async () => {
  installation = createTestInstallation();
  projectDir = join(installation.folder, 'project');
  mkdirSync(projectDir);
  resourcesDir = join(installation.folder, 'own-resources');
  cpSync(installation.resourcesDir, resourcesDir, { recursive: true });
  const script = join(import.meta.dirname, '..', 'fake-agents', 'telling-model.ts');
  writeFileSync(join(installation.programsDir, 'telling-model.mjs'), `import ${JSON.stringify(script)};\n`);
  for (const way of WAYS) addAgent(way);
  provider = await startProvider({ status: 200 });
  items = new Map();
});
afterEach(async () => {
  await app?.dispose();
  app = undefined;
  await provider.close();
  installation.remove();
});

const placeholder = (name: string) => `\${${name}}`;
const agentIdFor = (way: Way) => `acme-${way}`;

function addAgent(way: Way): void {
  const demo: object = JSON.parse(readFileSync(join(resourcesDir, 'agents', 'demo.json'), 'utf8'));
  const agentId = agentIdFor(way);
  const providers = Object.entries(VARIABLES).map(([providerId, variable]) => ({
    providerId,
    dialect: providerId === 'anthropic' ? 'anthropic-messages' : 'openai-responses',
    credentials: [{ variables: [variable] }],
    environment: [{ name: 'ACME_PROVIDER', value: placeholder('providerId'), reason: 'routing' }],
  }));
  const agent = {
    ...demo,
    agentId,
    name: agentId,
    demo: false,
    program: { kind: 'built-in', file: 'telling-model.mjs' },
    modelBy: way,
    environment: [{ name: 'ACME_MODEL', value: placeholder('model'), reason: 'model' }],
    providers,
  };
  writeFileSync(join(resourcesDir, 'agents', `${agentId}.json`), JSON.stringify(agent));
}

/** Stands for the operating system's store, which is behind a port, and outlives the app. */
const keychain = (): Keychain => ({
  store: 'Secret Service',
  get: async (account) => items.get(account) ?? null,
  set: async (account, value) => void items.set(account, value),
  delete: async (account) => items.delete(account),
  list: async () => [...items.keys()],
  check: async () => ({ state: 'available', store: 'Secret Service' }),
});

async function start(): Promise<void> {
  // The host's own choice of a model is nobody's business.
  const environment = { PATH: process.env.PATH, HOME: installation.folder, ACME_MODEL: 'of-the-host' };
  app = await createApp(testHostPorts({ ...installation, resourcesDir }, { keychain, environment }));
  await until(({ connection, keychain: health }) => connection.kind === 'connected' && health.state !== 'unknown');
}

const call = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> =>
  callAsWindow(app, method, params);
const until = (holds: (state: AppState) => boolean): Promise<AppState> => stateWhen(app, holds);

async function arrange({ credentials, setting = {} }: Row, way: Way): Promise<void> {
  await start();
  for (const providerId of Object.keys(VARIABLES)) {
    await call('providers.setBaseUrl', { providerId, baseUrl: provider.origin });
  }
  for (const providerId of credentials) {
    const value = `sk-good-${randomUUID()}`;
    const variable = VARIABLES[providerId];
    await call('credentials.set', { providerId, variable, scope: { kind: 'global' }, value, storage: 'keychain' });
  }
  const settings = { sandbox: 'off', auth: { mode: 'byo', ...setting } } as const;
  await call('agents.configure', { agentId: agentIdFor(way), settings });
  await call('settings.update', { patch: { projectDir, selectedAgentId: agentIdFor(way) } });
}

/** A turn's end, and what the agent said of itself in it. */
async function runTurn(row: Row, way: Way, sessionId: string | undefined) {
  const turnId = randomUUID();
  const accepted = await call('turns.submit', {
    turnId,
    agentId: agentIdFor(way),
    projectDir,
    prompt: 'tell',
    ...(row.turn === undefined ? {} : { model: row.turn }),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
  await until(({ turns }) => turns.some((turn) => turn.turnId === turnId && turn.status === 'completed'));
  const { events, turn } = await call('turns.events', { turnId, after: 0, limit: 500 });
  const said = events.map(({ event }) => (event.type === 'agent.message' ? event.text : '')).join('');
  return { accepted: accepted.turn, turn, told: JSON.parse(said) as Record<string, unknown> };
}

/** Everything that speaks of the model, at one time. */
async function expectAgreement(row: Row, way: Way, sessionId?: string): Promise<string> {
  const agentId = agentIdFor(way);
  const { expected, shown = expected } = row;
  const { agents } = await call('agents.list', { projectDir });
  const view = agents.find((agent) => agent.agentId === agentId);
  expect(view).toMatchObject({ effective: { mode: 'byo', ...shown }, readiness: { state: 'ready' } });
  const inState = await until(({ agents: all }) =>
    all.some((agent) => agent.agentId === agentId && agent.readiness.state === 'ready'),
  );
  expect(inState.agents.find((agent) => agent.agentId === agentId)?.effective).toEqual(view?.effective);

  const plan = await call('environment.plan', {
    agentId,
    projectDir,
    ...(row.turn === undefined ? {} : { model: row.turn }),
  });
  expect(plan).toMatchObject(expected);
  expect(plan).not.toHaveProperty('refusal');
  const inPlan = (name: string) => plan.plan.set.find((variable) => variable.name === name)?.shown;
  expect(inPlan('ACME_MODEL') ?? '').toBe(expected.model);
  expect(inPlan(VARIABLES[expected.providerId])).toContain('•');

  const { accepted, turn, told } = await runTurn(row, way, sessionId);
  expect(accepted).toMatchObject(expected);
  expect(turn).toMatchObject(expected);
  const named = expected.model === '' ? null : expected.model;
  expect(told).toEqual({
    model: named,
    byProtocol: way === 'launch' ? null : named,
    provider: expected.providerId,
    isResumed: sessionId !== undefined,
  });
  return turn.sessionId;
}

const CASES = ROWS.flatMap((row, index) =>
  // Each row by one way, and whole strings, which a way could break, by all of them.
  WAYS.filter((_, way) => row.setting?.providerId === 'openrouter' || way === index % WAYS.length).map(
    (way): [string, Way, Row] => [row.name, way, row],
  ),
);

/** The kept cases: a string that passes whole, and a turn's own choice. */
const isKept = (row: Row, way: Way): boolean =>
  (row.setting?.providerId === 'openrouter' && way === 'launch') || row.name.startsWith('the turn goes before');

describe('shown, gated, planned, told to the agent and kept of the turn are one, after a restart and a resume too', () => {
  for (const [name, way, row] of CASES)
    test(`${name} (${way})`, inVitest(isKept(row, way)), async () => {
      await arrange(row, way);
      const sessionId = await expectAgreement(row, way);
      await app?.dispose();
      await start();
      await expectAgreement(row, way, sessionId);
    });
});

test('a setting that changes between two turns of a conversation reaches all of them', async () => {
  const row: Row = {
    name: '',
    credentials: BOTH,
    setting: { model: 'claude-x' },
    expected: { model: 'claude-x', providerId: 'anthropic' },
  };
  await arrange(row, 'launch');
  const sessionId = await expectAgreement(row, 'launch');
  const settings = { auth: { mode: 'byo', model: 'gpt-9' } } as const;
  await call('agents.configure', { agentId: agentIdFor('launch'), settings });
  await expectAgreement({ ...row, expected: { model: 'gpt-9', providerId: 'openai' } }, 'launch', sessionId);
});
