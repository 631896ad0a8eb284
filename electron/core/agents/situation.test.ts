import { expect, test } from 'vitest';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../shared/model/liveness.ts';
import type { Found } from './inventory.ts';
import type { AgentCredentials, AgentProviders, CredentialResolution } from './ports.ts';
import type { Look, Program } from './program.ts';
import { type Agent, agentSchema } from './schema.ts';
import { acceptedAlternatives, type SituationInput, situationOf } from './situation.ts';

const ADAPTER = { name: 'x-acp', installCommand: 'npm i x-acp', commands: ['x-acp'], package: { name: 'x-acp' } };
const provider = (providerId: string, ...alternatives: string[][]) => ({
  providerId,
  dialect: 'openai-chat',
  credentials: alternatives.map((variables) => ({ variables })),
});
const agentWith = (change: object = {}): Agent =>
  agentSchema.parse({
    agentId: 'codex',
    name: 'Codex',
    description: '',
    installCommand: 'npm i codex',
    program: { kind: 'native', commands: ['codex'] },
    modelBy: 'launch',
    providers: [
      provider('openai', ['OPENAI_API_KEY'], ['OPENAI_ID', 'OPENAI_SECRET']),
      provider('google', ['GEMINI_API_KEY']),
      provider('ollama'),
    ],
    failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
    limits: { start: 1, silence: 1, stop: 1 },
    ...change,
  });

const programOf = (change: Partial<Program> = {}): Program => ({
  file: '/opt/x/codex',
  runBy: 'system',
  parts: [],
  version: '1.2.3',
  source: 'path',
  ...change,
});
const programWith = (change: Partial<Program> = {}): Look => ({
  state: 'found',
  program: programOf(change),
  others: [],
});
const foundWith = (program: Look, adapter?: Look): Found => ({ program, adapter });

const registry: AgentProviders = {
  get: (providerId) => ({
    providerId,
    name: `Name of ${providerId}`,
    alternatives: [],
    dialects: [],
    credentialRequired: true,
    override: undefined,
    variables: [],
    baseUrl: () => undefined,
  }),
  at: (providerId) => registry.get(providerId),
  all: () => [],
  ownersOfModel: (model) => (model === 'gpt-5' ? ['openai'] : []),
  onChange: () => () => {},
};

type Asked = Parameters<AgentCredentials['resolve']>[0];
const credentialOf = (providerId: string) => ({ providerId, variable: 'X' }) as CredentialView;
const resolvedFor =
  (...holders: string[]) =>
  ({ providerId, accepted }: Asked): CredentialResolution =>
    holders.includes(providerId)
      ? { state: 'resolved', entries: [credentialOf(providerId)] }
      : { state: 'missing', accepted: accepted.map((together) => [...together]) };

const situation = (change: Partial<SituationInput> = {}) =>
  situationOf({
    agent: agentWith(),
    found: foundWith(programWith()),
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    projectDir: '/p',
    turnModel: undefined,
    registry,
    credentials: { resolve: resolvedFor('openai') },
    liveness: { known: () => [] },
    sandbox: { state: 'available', backend: 'bubblewrap', version: '0.8.0' },
    ...change,
  });

test('with everything there: who answers, with what, and that it may start', () => {
  const agent = agentWith();
  const settings = { auth: { mode: 'byo', model: 'm' }, sandbox: 'on' } as const;
  expect(situation({ agent, settings })).toEqual({
    agent,
    settings,
    installation: { state: 'found', path: '/opt/x/codex', source: 'path', version: '1.2.3' },
    effective: {
      auth: { mode: 'byo', model: 'm' },
      provider: { state: 'derived', providerId: 'openai', by: 'credential' },
    },
    resolution: { state: 'resolved', entries: [credentialOf('openai')] },
    readiness: { state: 'ready' },
  });
});

test("credentials are asked for by the agent's own alternatives, for this agent and this project", () => {
  const asked: Asked[] = [];
  const resolve = (request: Asked) => {
    asked.push(request);
    return resolvedFor('openai')(request);
  };
  situation({ credentials: { resolve }, turnModel: 'gpt-5' });
  expect(asked).toEqual([
    {
      providerId: 'openai',
      agentId: 'codex',
      projectDir: '/p',
      accepted: [['OPENAI_API_KEY'], ['OPENAI_ID', 'OPENAI_SECRET']],
    },
  ]);
});

test('the alternatives of a provider that the agent does not have are none', () => {
  expect(acceptedAlternatives(agentWith(), 'google')).toEqual([['GEMINI_API_KEY']]);
  expect(acceptedAlternatives(agentWith(), 'ollama')).toEqual([]);
  expect(acceptedAlternatives(agentWith(), 'groq')).toEqual([]);
});

test("a provider's name, not its id, is in the refusal", () => {
  expect(situation({ credentials: { resolve: resolvedFor() }, turnModel: 'gpt-5' }).readiness).toEqual({
    state: 'not-ready',
    error: {
      code: 'MISSING_BYOK_CREDENTIAL',
      values: {
        agent: 'Codex',
        agentId: 'codex',
        provider: 'Name of openai',
        providerId: 'openai',
        variables: 'OPENAI_API_KEY, OPENAI_ID + OPENAI_SECRET',
      },
      details: {
        agentId: 'codex',
        providerId: 'openai',
        accepted: [['OPENAI_API_KEY'], ['OPENAI_ID', 'OPENAI_SECRET']],
      },
    },
  });
});

test('a provider that takes no credential is never asked for one', () => {
  const settings = { auth: { mode: 'byo', model: '', providerId: 'ollama' }, sandbox: 'on' } as const;
  const resolve = () => {
    throw new Error('asked');
  };
  const { resolution, readiness } = situation({ settings, credentials: { resolve } });
  expect(resolution).toEqual({ state: 'not-needed' });
  expect(readiness).toEqual({ state: 'ready' });
});

test('with nothing but unreadable credentials the first is told as that, not as missing', () => {
  const resolve = ({ providerId }: Asked): CredentialResolution => ({
    state: 'unreadable',
    entries: [credentialOf(providerId)],
    error: { code: 'KEYCHAIN_LOCKED', values: {} },
  });
  const { effective, readiness } = situation({ credentials: { resolve } });
  expect(effective.provider).toMatchObject({ state: 'derived', providerId: 'openai', by: 'credential' });
  expect(readiness).toMatchObject({ error: { code: 'KEYCHAIN_LOCKED' } });
});

test('a chosen provider that the agent does not have: those it has are named', () => {
  const settings = { auth: { mode: 'byo', model: '', providerId: 'groq' }, sandbox: 'on' } as const;
  const { resolution, readiness } = situation({ settings });
  expect(resolution).toBeUndefined();
  expect(readiness).toMatchObject({
    error: { code: 'AGENT_PROVIDER_UNSUPPORTED', values: { providerId: 'groq', supported: 'openai, google, ollama' } },
  });
});

test('an agent without providers needs none', () => {
  const { effective, resolution, readiness } = situation({ agent: agentWith({ providers: [] }) });
  expect(effective.provider).toEqual({ state: 'not-needed' });
  expect(resolution).toBeUndefined();
  expect(readiness).toEqual({ state: 'ready' });
});

test.each<[string, Found | undefined, object]>([
  ['nobody has looked yet', undefined, { state: 'checking' }],
  ['there is none', foundWith({ state: 'missing' }), { state: 'missing', installCommand: 'npm i codex' }],
  [
    "it is the project's own, in a place where installers put programs",
    foundWith(programWith({ file: '/p/bin/codex', source: 'place' })),
    { state: 'found', path: '/p/bin/codex', source: 'project', version: '1.2.3' },
  ],
  [
    'nobody could look',
    foundWith({ state: 'could-not-check', reason: 'EACCES' }),
    { state: 'could-not-check', reason: 'EACCES' },
  ],
  [
    'it does not tell its version',
    foundWith(programWith({ version: undefined })),
    { state: 'found', path: '/opt/x/codex', source: 'path' },
  ],
  [
    "it is the project's own, though PATH has it",
    foundWith(programWith({ file: '/p/node_modules/.bin/codex' })),
    { state: 'found', path: '/p/node_modules/.bin/codex', source: 'project', version: '1.2.3' },
  ],
  [
    'Perch has it, though the project contains it',
    foundWith(programWith({ file: '/p/programs/codex', source: 'perch' })),
    { state: 'found', path: '/p/programs/codex', source: 'perch', version: '1.2.3' },
  ],
  [
    'there are others',
    foundWith({
      state: 'found',
      program: programOf({ source: 'installed' }),
      others: [programOf({ file: '/usr/bin/codex', version: undefined })],
    }),
    {
      state: 'found',
      path: '/opt/x/codex',
      source: 'installed',
      version: '1.2.3',
      others: [{ path: '/usr/bin/codex', source: 'path' }],
    },
  ],
])('the installation when %s', (_, found, installation) => {
  expect(situation({ found }).installation).toStrictEqual(installation);
});

test('a command of somebody’s own that is not there is named, and not called installable', () => {
  const agent = agentWith({ program: { kind: 'command', file: 'my-agent', args: [] } });
  const { installation } = situation({ agent, found: foundWith({ state: 'missing' }) });
  expect(installation).toStrictEqual({ state: 'missing', program: 'my-agent' });
});

test('a program that does not tell its version is not called old', () => {
  const agent = agentWith({ program: { kind: 'native', commands: ['codex'], minimumVersion: '1.3.0' } });
  const found = foundWith(programWith({ version: undefined }));
  expect(situation({ agent, found }).installation).toStrictEqual({
    state: 'found',
    path: '/opt/x/codex',
    source: 'path',
  });
});

test('to a declared address that nobody confirmed goes no credential, whatever is stored', () => {
  const asked: Asked[] = [];
  const resolve = (request: Asked) => {
    asked.push(request);
    return resolvedFor('openai')(request);
  };
  const declared = { model: undefined, variables: [], unconfirmed: new Map([['openai', 'https://gateway.test']]) };
  const { readiness, resolution } = situation({ declared, credentials: { resolve }, turnModel: 'gpt-5' });
  const values = { agent: 'Codex', agentId: 'codex', provider: 'Name of openai', providerId: 'openai' };
  expect(readiness).toEqual({
    state: 'not-ready',
    error: { code: 'ENDPOINT_NOT_CONFIRMED', values: { ...values, origin: 'https://gateway.test' } },
  });
  expect(resolution).toEqual({
    state: 'missing',
    accepted: [['OPENAI_API_KEY'], ['OPENAI_ID', 'OPENAI_SECRET']],
  });
  expect(asked).toEqual([]);
  // Another provider's does not concern this one.
  const other = { ...declared, unconfirmed: new Map([['google', 'https://gateway.test']]) };
  expect(situation({ declared: other, turnModel: 'gpt-5' }).readiness).toEqual({ state: 'ready' });
});

test('in managed no credential is looked for', () => {
  const asked: Asked[] = [];
  const resolve = (request: Asked) => {
    asked.push(request);
    return resolvedFor()(request);
  };
  const agent = agentWith({ modes: { byo: {}, managed: { webTools: [] } } });
  const auth = { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['gpt-5'] } as const;
  const managed = { ...auth, allowedModels: ['gpt-5'] as [string] };
  const { resolution, readiness } = situation({
    agent,
    settings: { auth: managed, sandbox: 'on' },
    credentials: { resolve },
  });
  expect(resolution).toBeUndefined();
  expect(readiness).toMatchObject({ error: { code: 'GATEWAY_NOT_BUILT' } });
  expect(asked).toEqual([]);
});

test('the mode of the turn goes before the setting, and that before asking', () => {
  const environment = (value: string) => [{ name: 'WAY', value, reason: 'required' }];
  const permissionModes = {
    plan: { environment: environment('plan') },
    ask: { environment: environment('ask') },
    execute: { environment: environment('execute') },
  };
  const agent = agentWith({ permissionModes });
  const wayOf = (change: Partial<SituationInput>) =>
    situation({ agent, ...change }).agent.environment.find(({ name }) => name === 'WAY')?.value;
  const settings = { auth: { mode: 'byo', model: '' }, sandbox: 'on', permissionMode: 'plan' } as const;
  expect(wayOf({})).toBe('ask');
  expect(wayOf({ settings })).toBe('plan');
  expect(wayOf({ settings, permissionMode: 'execute' })).toBe('execute');
  expect(wayOf({ permissionMode: 'execute' })).toBe('execute');
});

test('an old program, and a chosen one that is gone, are told', () => {
  const agent = agentWith({ program: { kind: 'native', commands: ['codex'], minimumVersion: '1.3.0' } });
  const settings = { auth: { mode: 'byo', model: '' }, sandbox: 'on', program: '/gone/codex' } as const;
  expect(situation({ agent, settings }).installation).toMatchObject({
    olderThan: '1.3.0',
    chosenIsGone: '/gone/codex',
  });
  const found = foundWith(programWith({ version: '1.3.0', file: '/gone/codex' }));
  expect(situation({ agent, settings, found }).installation).toEqual({
    state: 'found',
    path: '/gone/codex',
    source: 'path',
    version: '1.3.0',
  });
});

test.each<[string, Found | undefined, object]>([
  ['it is there', foundWith(programWith(), programWith()), { state: 'ready' }],
  ['nobody has looked yet', foundWith(programWith()), { state: 'checking' }],
  ['nobody has looked for anything yet', undefined, { state: 'checking' }],
  [
    'there is none',
    foundWith(programWith(), { state: 'missing' }),
    {
      state: 'not-ready',
      error: {
        code: 'AGENT_ADAPTER_MISSING',
        values: { agent: 'Codex', agentId: 'codex', adapter: 'x-acp', installCommand: 'npm i x-acp' },
      },
    },
  ],
  [
    'nobody could look',
    foundWith(programWith(), { state: 'could-not-check', reason: 'EACCES' }),
    {
      state: 'not-ready',
      error: { code: 'AGENT_COULD_NOT_CHECK', values: { agent: 'Codex', agentId: 'codex', reason: 'EACCES' } },
    },
  ],
])('an agent with an adapter, when %s', (_, found, readiness) => {
  expect(situation({ agent: agentWith({ adapter: ADAPTER }), found }).readiness).toEqual(readiness);
});

test('the sandbox that is not there stops it, unless the user turned it off', () => {
  const sandbox = { state: 'unavailable', reason: 'r' } as const;
  expect(situation({ sandbox }).readiness).toMatchObject({ error: { code: 'SANDBOX_UNAVAILABLE' } });
  expect(situation({ sandbox, settings: { auth: { mode: 'byo', model: '' }, sandbox: 'off' } }).readiness).toEqual({
    state: 'ready',
  });
});

const LOGIN = {
  name: 'OpenAI',
  providers: { openai: 'openai' },
  ways: [{ wayId: 'own', args: ['login'] }],
  status: { kind: 'file', path: 'auth.json' },
  files: ['auth.json'],
  session: {
    environment: [{ name: 'USE_LOGIN', value: '1', reason: 'required' }],
    network: [{ host: 'login.example.com', ports: [443] }],
  },
};
const signedIn = (state: 'signed-in' | 'signed-out' | 'checking') => () => ({ state });
const nothingStored = { resolve: resolvedFor() };

test('an agent that is signed in by itself may start, as it is with its own login', () => {
  const agent = agentWith({ login: LOGIN });
  const own = situation({ agent, credentials: nothingStored, ownLogin: signedIn('signed-in'), turnModel: 'gpt-5' });
  expect(own.resolution).toEqual({ state: 'own-login' });
  expect(own.readiness).toEqual({ state: 'ready' });
  expect(own.agent.network.map(({ host }) => host)).toContain('login.example.com');
  expect(own.agent.providers[0]?.environment.map(({ name }) => name)).toEqual(['USE_LOGIN']);
});

test('its login chooses the provider, where only one has it', () => {
  const ownLogin = (providerId: string) => (providerId === 'google' ? { state: 'signed-in' as const } : undefined);
  const { effective } = situation({ credentials: nothingStored, ownLogin });
  expect(effective.provider).toMatchObject({ state: 'derived', providerId: 'google' });
});

test('what the user stored comes before its own login, also when that value cannot be read', () => {
  const agent = agentWith({ login: LOGIN });
  const ownLogin = signedIn('signed-in');
  const stored = situation({ agent, ownLogin, turnModel: 'gpt-5' });
  expect(stored.resolution).toMatchObject({ state: 'resolved' });
  expect(stored.agent).toEqual(agent);
  const error = { code: 'KEYCHAIN_LOCKED', values: {} } as const;
  const resolve = (): CredentialResolution => ({ state: 'unreadable', entries: [credentialOf('openai')], error });
  const locked = situation({ agent, ownLogin, turnModel: 'gpt-5', credentials: { resolve } });
  expect(locked.readiness).toEqual({ state: 'not-ready', error });
});

test('its own login holds where what the user stored has expired', () => {
  const entries = [credentialOf('openai')];
  const resolve = (): CredentialResolution => ({ state: 'expired', entries });
  const expired = { credentials: { resolve }, turnModel: 'gpt-5' };
  expect(situation({ ...expired, ownLogin: signedIn('signed-in') }).resolution).toEqual({ state: 'own-login' });
  expect(situation({ ...expired, ownLogin: signedIn('signed-out') }).resolution).toEqual({ state: 'expired', entries });
});

test('a login for a provider that takes no credential is not asked about', () => {
  const settings = { auth: { mode: 'byo', model: '', providerId: 'ollama' }, sandbox: 'on' } as const;
  const { resolution } = situation({ settings, ownLogin: signedIn('signed-in') });
  expect(resolution).toEqual({ state: 'not-needed' });
});

test.each<[string, NonNullable<SituationInput['ownLogin']>, object]>([
  ['is being asked about', signedIn('checking'), { state: 'checking' }],
  ['is signed out', signedIn('signed-out'), { error: { code: 'MISSING_BYOK_CREDENTIAL' } }],
  ['is none', () => undefined, { error: { code: 'MISSING_BYOK_CREDENTIAL' } }],
  [
    'could not be asked about',
    () => ({ state: 'could-not-check', reason: 'exit 1' }),
    { error: { code: 'OWN_LOGIN_COULD_NOT_CHECK', values: { reason: 'exit 1' } } },
  ],
])('an own login that %s', (_, ownLogin, readiness) => {
  const agent = agentWith({ login: LOGIN });
  const own = situation({ agent, credentials: nothingStored, ownLogin, turnModel: 'gpt-5' });
  expect(own.readiness).toMatchObject(readiness);
  expect(own.resolution).toMatchObject({ state: 'missing' });
  expect(own.agent).toEqual(agent);
});

test('an agent that has a login it knows nothing of in its description stays as it is', () => {
  const agent = agentWith();
  const own = situation({ agent, credentials: nothingStored, ownLogin: signedIn('signed-in'), turnModel: 'gpt-5' });
  expect(own.agent).toEqual(agent);
});

test('those that the provider refused stop it, and only those are named', () => {
  const entries = ['a', 'b', 'c'].map((credentialId) => ({
    ...credentialOf('openai'),
    credentialId,
    variable: `OF_${credentialId}`,
  }));
  const verdicts = { a: 'alive', b: 'dead' } as const;
  const known = () =>
    Object.entries(verdicts).map(([credentialId, verdict]) => ({ credentialId, verdict }) as LivenessReport);
  const resolve = (): CredentialResolution => ({ state: 'resolved', entries });
  const { readiness } = situation({ credentials: { resolve }, liveness: { known }, turnModel: 'gpt-5' });
  expect(readiness).toMatchObject({
    error: { code: 'BYOK_CREDENTIAL_INVALID', values: { variable: 'OF_b' }, details: { credentialId: 'b' } },
  });
});
