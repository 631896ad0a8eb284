import { expect, test } from 'vitest';
import { type AgentView, DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import type { AgentAuth } from '../../../shared/model/auth.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { commandLine } from '../testing/command-line.ts';

const OPENAI: ProviderView = {
  providerId: 'openai',
  name: 'OpenAI',
  credentialAlternatives: [],
  credentialRequired: true,
  keyShapes: [],
  baseUrlSource: 'registry',
  models: [],
};
const MANAGED: AgentAuth = { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['a', 'b'] };
const NOT_BUILT = { code: 'GATEWAY_NOT_BUILT', values: { agent: 'Codex', agentId: 'codex', mode: 'managed' } } as const;

const codex = (settings: Partial<AgentView['settings']>): AgentView => ({
  agentId: 'codex',
  name: 'Codex',
  description: '',
  demo: false,
  network: 'proxy',
  installation: { state: 'checking' },
  readiness: settings.auth?.mode === 'managed' ? { state: 'not-ready', error: NOT_BUILT } : { state: 'ready' },
  settings: { ...DEFAULT_AGENT_SETTINGS, ...settings },
  providerIds: ['openai'],
  modes: ['byo', 'managed'],
  permissionModes: ['plan', 'ask', 'execute'],
  takesInstructions: true,
  effective: { mode: 'byo', providerId: 'openai', model: '' },
});

function made(settings: Partial<AgentView['settings']> = {}, options: Parameters<typeof commandLine>[0] = {}) {
  const cli = commandLine({
    ...options,
    handlers: {
      'agents.list': async () => ({ agents: [codex(settings)] }),
      'agents.stateFolder': async () => ({ path: '/data/agents/codex/home', bytes: 2_500_000, revealed: false }),
      'providers.list': async () => ({ providers: [OPENAI] }),
      'agents.configure': async ({ settings: { auth } }) => ({
        agent: codex(auth?.mode === 'managed' ? { auth } : settings),
        ...(auth?.mode === 'managed' ? { cleared: ['mine'] } : {}),
      }),
      'agents.resetSettings': async () => ({ agent: codex({}), cleared: ['mine'] }),
    },
  });
  const changes = () =>
    cli.calls
      .filter(({ method }) => method === 'agents.configure' || method === 'agents.resetSettings')
      .map(({ params }) => params);
  return { ...cli, changes };
}

test('shows what is set, and where the state is', async () => {
  const cli = made({ auth: { mode: 'byo', model: 'gpt-5' }, accounts: { openai: 'work' }, sandbox: 'off' });
  expect(await cli.run('agents', 'settings', 'codex')).toBe(0);
  const out = await cli.out();
  expect(out).toMatch(/mode +byo \(available: byo, managed\)/);
  expect(out).toMatch(/model +gpt-5\n/);
  expect(out).toMatch(/provider +default\n/);
  expect(out).toMatch(/account openai +work\n/);
  expect(out).toMatch(/sandbox +off\n/);
  expect(out).toMatch(/state +\/data\/agents\/codex\/home \(2\.5 MB\)\n/);
});

test('as JSON with what is not as by default', async () => {
  const cli = made({ sandbox: 'off' });
  expect(await cli.run('agents', 'settings', 'codex', '--json')).toBe(0);
  expect(JSON.parse(await cli.out())).toMatchObject({
    agentId: 'codex',
    changed: ['sandbox'],
    modes: ['byo', 'managed'],
    permissionModes: ['plan', 'ask', 'execute'],
    takesInstructions: true,
    state: { bytes: 2_500_000 },
  });
});

test.each<[current: AgentAuth, typed: string[], patch: object]>([
  [DEFAULT_AGENT_SETTINGS.auth, ['model=a/b'], { auth: { mode: 'byo', model: 'a/b' } }],
  [DEFAULT_AGENT_SETTINGS.auth, ['model='], { auth: { mode: 'byo', model: '' } }],
  [DEFAULT_AGENT_SETTINGS.auth, ['provider=openai'], { auth: { mode: 'byo', providerId: 'openai' } }],
  [DEFAULT_AGENT_SETTINGS.auth, ['provider='], { auth: { mode: 'byo', providerId: null } }],
  [DEFAULT_AGENT_SETTINGS.auth, ['sandbox=off', 'secret-files=shown'], { sandbox: 'off', secretFiles: 'shown' }],
  [
    DEFAULT_AGENT_SETTINGS.auth,
    ['mode=managed', 'gateway=openai', 'models=a, b'],
    { auth: { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['a', 'b'] } },
  ],
  [MANAGED, ['models=c'], { auth: { ...MANAGED, allowedModels: ['c'] } }],
  [MANAGED, ['mode=byo', 'model=x=1'], { auth: { mode: 'byo', model: 'x=1' } }],
])('with %j, %j', async (auth, typed, settings) => {
  const cli = made({ auth });
  expect(await cli.run('agents', 'settings', 'set', 'codex', ...typed)).toBe(0);
  expect(cli.changes()).toEqual([{ agentId: 'codex', settings }]);
});

test('managed is saved, says what it cleared and why it is not ready, and is no failure', async () => {
  const cli = made({ auth: { mode: 'byo', model: 'mine' } });
  expect(await cli.run('agents', 'settings', 'set', 'codex', 'mode=managed', 'gateway=openai', 'models=a')).toBe(0);
  expect(await cli.out()).toContain('Cleared with the former mode: mine');
  expect(await cli.err()).toContain('GATEWAY_NOT_BUILT');
});

test.each<[current: AgentAuth, typed: string[], sentence: RegExp]>([
  [DEFAULT_AGENT_SETTINGS.auth, ['colour=red'], /no setting colour\. These exist: model, provider, sandbox,/],
  [DEFAULT_AGENT_SETTINGS.auth, ['model'], /NAME=VALUE/],
  [DEFAULT_AGENT_SETTINGS.auth, ['mode=other'], /mode is one of: byo\./],
  [DEFAULT_AGENT_SETTINGS.auth, ['mode=managed'], /needs gateway/],
  [DEFAULT_AGENT_SETTINGS.auth, ['mode=managed', 'gateway=openai', 'models='], /values is not valid/],
  [DEFAULT_AGENT_SETTINGS.auth, ['models=a'], /settings of mode=managed/],
  [DEFAULT_AGENT_SETTINGS.auth, ['gateway=openai'], /settings of mode=managed/],
  [MANAGED, ['model=a'], /settings of mode=byo/],
  [DEFAULT_AGENT_SETTINGS.auth, ['sandbox=maybe'], /sandbox is one of: on, off/],
  [DEFAULT_AGENT_SETTINGS.auth, ['provider=No Id'], /values is not valid/],
])('with %j, %j is wrong usage', async (auth, typed, sentence) => {
  const cli = made({ auth });
  expect(await cli.run('agents', 'settings', 'set', 'codex', ...typed)).toBe(2);
  expect(await cli.err()).toMatch(sentence);
  expect(cli.changes()).toEqual([]);
});

test('a provider that nobody knows is refused by name', async () => {
  const cli = made();
  expect(await cli.run('agents', 'settings', 'set', 'codex', 'provider=nobody')).toBe(1);
  expect(await cli.err()).toContain('PROVIDER_UNKNOWN');
});

test.each<[auth: AgentAuth, names: string[], changes: object[]]>([
  [MANAGED, ['mode'], [{ agentId: 'codex', names: ['auth'] }]],
  [MANAGED, ['sandbox', 'secret-files'], [{ agentId: 'codex', names: ['sandbox', 'secretFiles'] }]],
  [DEFAULT_AGENT_SETTINGS.auth, ['model'], [{ agentId: 'codex', settings: { auth: { mode: 'byo', model: '' } } }]],
  [
    DEFAULT_AGENT_SETTINGS.auth,
    ['provider', 'sandbox'],
    [
      { agentId: 'codex', settings: { auth: { mode: 'byo', providerId: null } } },
      { agentId: 'codex', names: ['sandbox'] },
    ],
  ],
])('with %j, %j goes back at once', async (auth, names, changes) => {
  const cli = made({ auth });
  expect(await cli.run('agents', 'settings', 'reset', 'codex', ...names)).toBe(0);
  expect(cli.changes()).toEqual(changes);
});

test('all of them go after a list and a question', async () => {
  const settings = { auth: { mode: 'byo', model: 'mine' }, sandbox: 'off' } as const;
  const kept = made(settings, { typed: ['no'] });
  expect(await kept.run('agents', 'settings', 'reset', 'codex')).toBe(1);
  expect(await kept.out()).toMatch(/model +mine/);
  expect(kept.changes()).toEqual([]);
  const gone = made(settings, { typed: ['reset'] });
  expect(await gone.run('agents', 'settings', 'reset', 'codex')).toBe(0);
  expect(gone.changes()).toEqual([{ agentId: 'codex' }]);
  expect(await gone.out()).toContain('Cleared with the former mode: mine');
});

test('without a terminal it needs --yes; where nothing is set there is nothing to ask', async () => {
  const cli = made({ sandbox: 'off' }, { input: '' });
  expect(await cli.run('agents', 'settings', 'reset', 'codex')).toBe(2);
  expect(await cli.run('agents', 'settings', 'reset', 'codex', '--yes')).toBe(0);
  expect(cli.changes()).toEqual([{ agentId: 'codex' }]);
  const bare = made();
  expect(await bare.run('agents', 'settings', 'reset', 'codex')).toBe(0);
  expect(bare.changes()).toEqual([]);
});

test('a declared agent is sent to its file', async () => {
  const definition = { agentId: 'codex', name: 'C', description: '', model: '', variables: {} };
  const runs = { kind: 'variant' as const, of: 'opencode' };
  const origin = { kind: 'declared' as const, file: '/p/perch.toml', definition: { ...definition, runs } };
  for (const words of [['codex'], ['set', 'codex', 'model=m'], ['reset', 'codex']]) {
    const cli = commandLine({ handlers: { 'agents.list': async () => ({ agents: [{ ...codex({}), origin }] }) } });
    expect(await cli.run('agents', 'settings', ...words, '--json')).toBe(1);
    const { error } = JSON.parse(await cli.out());
    expect(error).toMatchObject({ code: 'DECLARED_READ_ONLY', values: { file: '/p/perch.toml' } });
  }
});

test.each([
  ['max-minutes=0', 'max-minutes is a whole number from 1 to 1440'],
  ['max-minutes=2000', 'max-minutes is a whole number from 1 to 1440'],
  ['max-tool-calls=many', 'max-tool-calls is a whole number from 1 to 10000'],
  [`instructions=${'x'.repeat(8001)}`, 'instructions has at most 8000 characters'],
  ['model=a\nb', 'a model is one line'],
])('%.20s says what would be possible', async (assignment, sentence) => {
  const cli = made();
  expect(await cli.run('agents', 'settings', 'set', 'codex', assignment)).toBe(2);
  expect(await cli.err()).toContain(sentence);
  expect(cli.changes()).toEqual([]);
});
