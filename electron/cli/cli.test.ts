import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import texts from '../../resources/locales/en/cli.json' with { type: 'json' };
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { CredentialView } from '../../shared/model/credential.ts';
import type { DoctorReport } from '../../shared/model/doctor.ts';
import type { LivenessReport } from '../../shared/model/liveness.ts';
import type { PositionedLogLine } from '../../shared/model/log-position.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { commandLine, TURN_ID } from './testing/command-line.ts';

const SECRET = 'sk-very-secret-0123456789';

const OPENAI: ProviderView = {
  providerId: 'openai',
  name: 'OpenAI',
  credentialAlternatives: [['OPENAI_API_KEY']],
  credentialRequired: true,
  keyShapes: [],
  baseUrl: 'https://api.openai.com/v1',
  baseUrlSource: 'registry',
  models: [],
};
const KEY: CredentialView = {
  credentialId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a002',
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••6789',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
};
const AGENT: AgentView = {
  agentId: 'codex',
  name: 'Codex',
  description: '',
  demo: false,
  network: 'proxy',
  installation: { state: 'found', path: '/bin/codex', version: '0.1', source: 'path' },
  readiness: { state: 'ready' },
  settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
  providerIds: ['openai'],
  modes: ['byo'],
  permissionModes: ['plan', 'ask', 'execute'],
  takesInstructions: true,
  effective: { mode: 'byo', providerId: 'openai', model: '' },
};
const providers = { 'providers.list': async () => ({ providers: [OPENAI] }) };

describe('help, version, usage', () => {
  test('help goes to stdout and names every command', async () => {
    const cli = commandLine();
    expect(await cli.run('--help')).toBe(0);
    const text = await cli.out();
    for (const name of ['run', 'agents', 'credentials set', 'providers reset', 'env', 'logs', 'serve', 'doctor']) {
      expect(text).toContain(`perch ${name}`);
    }
    expect(await cli.err()).toBe('');
    expect(cli.calls).toEqual([]);
  });
  test('help of a command shows what it needs', async () => {
    const cli = commandLine();
    expect(await cli.run('run', '--help')).toBe(0);
    expect(await cli.out()).toContain('perch run --agent ID [--model M] [--mode plan|ask|execute] [--project DIR]');
  });
  test('the version', async () => {
    const cli = commandLine();
    expect(await cli.run('--version')).toBe(0);
    expect(await cli.out()).toBe('1.2.3\n');
  });
  test('an unknown command ends with 2 and the nearest one', async () => {
    const cli = commandLine();
    expect(await cli.run('docter')).toBe(2);
    expect(await cli.err()).toBe('There is no command docter. Did you mean doctor?\nHelp: perch --help\n');
    expect(await cli.out()).toBe('');
  });
  test('with --json a usage problem is one line of JSON', async () => {
    const cli = commandLine();
    expect(await cli.run('run', '--json', 'hello')).toBe(2);
    expect(JSON.parse(await cli.out())).toMatchObject({ error: { code: 'USAGE', message: '--agent is missing.' } });
  });
  test('the language is that of the environment', async () => {
    const cli = commandLine({ environment: { LANG: 'de_DE.UTF-8' } });
    await cli.run('docter');
    expect(await cli.err()).toContain('Meinst du doctor?');
  });
});

describe('credentials', () => {
  const stored = (over: Partial<{ replaced: boolean; trimmed: boolean }> = {}) => ({
    ...providers,
    'credentials.set': async () => ({ credential: KEY, replaced: false, trimmed: false, ...over }),
  });

  test('the value comes from the pipe, and is never shown', async () => {
    const cli = commandLine({ handlers: stored(), input: `${SECRET}\n` });
    expect(await cli.run('credentials', 'set', 'openai')).toBe(0);
    expect(cli.calls.at(-1)).toEqual({
      method: 'credentials.set',
      params: { providerId: 'openai', scope: { kind: 'global' }, value: SECRET, storage: 'keychain' },
    });
    expect(await cli.out()).toBe('Stored: OPENAI_API_KEY for openai, global, ••••6789 (keychain)\n');
    expect(await cli.err()).toBe('');
    expect(cli.state.left).toBe(1);
  });
  test('scope, variable and storage', async () => {
    const cli = commandLine({ handlers: stored({ replaced: true }), input: SECRET });
    const args = ['--scope', 'project', '--variable', 'OTHER_KEY', '--session-only', '--json'];
    expect(await cli.run('credentials', 'set', 'openai', ...args)).toBe(0);
    expect(cli.calls.at(-1)?.params).toMatchObject({
      scope: { kind: 'project', projectDir: '/projects/here' },
      variable: 'OTHER_KEY',
      storage: 'session-only',
    });
    expect(JSON.parse(await cli.out())).toMatchObject({ replaced: true, findings: [] });
  });
  test('what was trimmed is said; a token that wrapped is warned of and stored as it came', async () => {
    const cli = commandLine({ handlers: stored({ trimmed: true }), input: ' sk-first\nsecond \n' });
    expect(await cli.run('credentials', 'set', 'openai')).toBe(0);
    expect(cli.calls.at(-1)?.params).toMatchObject({ value: ' sk-first\nsecond ' });
    expect(await cli.err()).toMatch(
      /interior whitespace: it is broken into 2 lines.*\nPerch removes whitespace at the beginning or the end/,
    );
  });
  test('a PEM key where a token belongs is named, and keeps its lines', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';
    const cli = commandLine({ handlers: stored(), input: `${pem}\n` });
    expect(await cli.run('credentials', 'set', 'openai')).toBe(0);
    expect(cli.calls.at(-1)?.params).toMatchObject({ value: pem });
    expect(await cli.err()).toMatch(/^This is a private key in PEM format, and a token belongs here\./);
  });
  test.each([
    [['credentials', 'set', 'openai', SECRET], /shell’s history/],
    [['credentials', 'set', 'openai', `--value=${SECRET}`], /shell’s history/],
    [['credentials', 'set', 'openai', '--variable', `${SECRET}`], /--variable is the name/],
    [['credentials', 'set', 'openai', '--scope', SECRET], /--scope is one of: global/],
  ])('a secret as an argument is refused with 2, and not repeated: %j', async (argv, sentence) => {
    const cli = commandLine({ handlers: stored(), input: '' });
    expect(await cli.run(...argv)).toBe(2);
    expect(await cli.err()).toMatch(sentence);
    expect((await cli.err()) + (await cli.out())).not.toContain('very-secret');
    expect(cli.calls).toEqual([]);
  });
  test("a secret in the provider's place is not sent anywhere, nor repeated", async () => {
    const cli = commandLine({ handlers: stored(), input: '' });
    expect(await cli.run('credentials', 'set', SECRET)).toBe(1);
    expect(await cli.err()).toContain('These exist: openai. (PROVIDER_UNKNOWN)');
    expect((await cli.err()) + JSON.stringify(cli.calls)).not.toContain('very-secret');
  });
  test('too long a value is refused before it is sent', async () => {
    const cli = commandLine({ handlers: stored(), input: 'a'.repeat(64 * 1024 + 1) });
    expect(await cli.run('credentials', 'set', 'openai')).toBe(1);
    expect(await cli.err()).toContain('(CREDENTIAL_TOO_LARGE)');
  });
  test('for this session only needs a Perch that stays', async () => {
    const cli = commandLine({ handlers: stored(), input: SECRET, hosted: true });
    expect(await cli.run('credentials', 'set', 'openai', '--session-only')).toBe(2);
    expect(await cli.err()).toContain('Perch is not running');
    expect(cli.calls.some(({ method }) => method === 'credentials.set')).toBe(false);
  });
  test('a keychain that is not there says what to start', async () => {
    const handlers = {
      ...providers,
      'credentials.set': async () => {
        throw new PerchError('KEYCHAIN_ABSENT');
      },
    };
    const cli = commandLine({ handlers, input: SECRET });
    expect(await cli.run('credentials', 'set', 'openai')).toBe(1);
    expect(await cli.err()).toMatch(/Secret Service.*\(KEYCHAIN_ABSENT\)\nWhat to do: perch doctor\n$/);
    const json = commandLine({ handlers, input: SECRET });
    expect(await json.run('credentials', 'set', 'openai', '--json')).toBe(1);
    expect(JSON.parse(await json.out())).toMatchObject({ error: { code: 'KEYCHAIN_ABSENT', values: {} } });
  });

  test('the list is masked', async () => {
    const cli = commandLine({ handlers: { 'credentials.list': async () => ({ credentials: [KEY] }) } });
    expect(await cli.run('credentials', 'list')).toBe(0);
    expect(await cli.out()).toBe(
      'provider  variable        applies to  value     storage   state\nopenai    OPENAI_API_KEY  global      ••••6789  keychain  ok\n',
    );
  });
  const checking = (reports: Record<string, Omit<LivenessReport, 'credentialId' | 'checkedAt'> | PerchError>) => ({
    ...providers,
    'credentials.list': async () => ({
      credentials: Object.keys(reports).map((credentialId) => ({ ...KEY, credentialId })),
    }),
    'credentials.check': async ({ credentialId }: { credentialId: string }) => {
      const report = reports[credentialId];
      if (report === undefined || report instanceof PerchError) throw report ?? new PerchError('NOT_FOUND');
      return { credentialId, checkedAt: 1, ...report };
    },
  });
  const [ONE, OTHER] = ['7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a004', '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a005'];
  test('none that is dead ends with 0, what could not be told included', async () => {
    const cli = commandLine({
      handlers: checking({
        [ONE]: { verdict: 'alive', reason: 'accepted', status: 200 },
        [OTHER]: { verdict: 'unknown', reason: 'unreachable', cause: 'ECONNREFUSED' },
      }),
    });
    expect(await cli.run('credentials', 'check', 'openai')).toBe(0);
    const [heading, first, second] = (await cli.out()).split('\n');
    expect(heading).toMatch(/^provider +variable +applies to +result +meaning$/);
    expect(first).toMatch(/^openai +OPENAI_API_KEY +global +valid +OpenAI accepts it\.$/);
    expect(second).toMatch(/not known +Perch cannot reach OpenAI \(ECONNREFUSED\)/);
    expect(cli.calls.filter(({ method }) => method === 'credentials.check').map(({ params }) => params)).toEqual([
      { credentialId: ONE, fresh: true },
      { credentialId: OTHER, fresh: true },
    ]);
  });
  test('a dead one ends with 1, and so does one that cannot be read', async () => {
    const dead = commandLine({ handlers: checking({ [ONE]: { verdict: 'dead', reason: 'refused', status: 401 } }) });
    expect(await dead.run('credentials', 'check')).toBe(1);
    expect(await dead.out()).toMatch(/invalid +OpenAI refuses it \(401\)/);
    const lost = new PerchError('CREDENTIAL_UNREADABLE', { variable: 'OPENAI_API_KEY', providerId: 'openai' });
    const unreadable = commandLine({ handlers: checking({ [ONE]: lost }) });
    expect(await unreadable.run('credentials', 'check', '--json')).toBe(1);
    expect(JSON.parse(await unreadable.out())).toMatchObject({
      checks: [{ credential: { credentialId: ONE }, error: { code: 'CREDENTIAL_UNREADABLE' } }],
    });
  });
  test('another failure of checking is not told as a verdict', async () => {
    const cli = commandLine({ handlers: checking({ [ONE]: new PerchError('NOT_FOUND') }) });
    expect(await cli.run('credentials', 'check')).toBe(1);
    expect(await cli.err()).toContain('(NOT_FOUND)');
    expect(await cli.out()).toBe('');
  });
  test('only those of a scope are checked, or of a provider', async () => {
    const ofAgent: CredentialView = { ...KEY, credentialId: OTHER, scope: { kind: 'agent', agentId: 'codex' } };
    const handlers = {
      ...checking({ [OTHER]: { verdict: 'alive', reason: 'accepted' } }),
      'credentials.list': async () => ({ credentials: [{ ...KEY, credentialId: ONE }, ofAgent] }),
    };
    const cli = commandLine({ handlers });
    expect(await cli.run('credentials', 'check', '--scope', 'agent:codex', '--json')).toBe(0);
    expect(JSON.parse(await cli.out()).checks).toMatchObject([{ credential: { credentialId: OTHER } }]);
    const nowhere = commandLine({ handlers });
    expect(await nowhere.run('credentials', 'check', 'openai', '--scope', 'project')).toBe(0);
    expect(nowhere.calls.some(({ method }) => method === 'credentials.check')).toBe(false);
    const wrong = commandLine({ handlers });
    expect(await wrong.run('credentials', 'check', '--scope', 'everywhere')).toBe(2);
  });
  test('nothing to check ends with 0', async () => {
    const cli = commandLine({ handlers: checking({}) });
    expect(await cli.run('credentials', 'check')).toBe(0);
    expect(await cli.out()).toBe('No credential is stored yet.\n');
  });
  test('removing names what takes over', async () => {
    const ofAgent: CredentialView = {
      ...KEY,
      credentialId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a003',
      scope: { kind: 'agent', agentId: 'codex' },
    };
    const cli = commandLine({
      handlers: {
        ...providers,
        'credentials.list': async () => ({ credentials: [KEY, ofAgent] }),
        'credentials.remove': async () => ({ removed: ofAgent, nowInEffect: KEY }),
      },
    });
    expect(await cli.run('credentials', 'remove', 'openai', '--scope', 'agent:codex')).toBe(0);
    expect(cli.calls.filter(({ method }) => method === 'credentials.remove')).toEqual([
      { method: 'credentials.remove', params: { credentialId: ofAgent.credentialId } },
    ]);
    expect(await cli.out()).toMatch(/^Deleted: .*agent codex.*\nApplies now: .*global/);
  });
  test('nothing to remove there: the places that have one are named', async () => {
    const handlers = { ...providers, 'credentials.list': async () => ({ credentials: [KEY] }) };
    const cli = commandLine({ handlers });
    expect(await cli.run('credentials', 'remove', 'openai', '--scope', 'agent:codex')).toBe(1);
    expect(await cli.err()).toBe(
      'There is no credential of OpenAI for agent codex. There are: OPENAI_API_KEY (global). (CREDENTIAL_NOT_FOUND)\n',
    );
    const named = commandLine({ handlers });
    expect(await named.run('credentials', 'remove', 'openai', '--account', 'nosuch')).toBe(1);
    expect(await named.err()).toContain('for global, account nosuch. There are: OPENAI_API_KEY (global).');
  });
});

type Cli = ReturnType<typeof commandLine>;
function knowing(cli: Cli): Cli {
  const { host } = cli.app.hub.state;
  cli.app.hub.set('host', { ...host, sandbox: { state: 'available', backend: 'bubblewrap', version: '1' } });
  return cli;
}
function down(cli: Cli): Cli {
  cli.app.hub.set('connection', { kind: 'stopped' });
  return cli;
}

describe('agents', () => {
  const list = (agents: AgentView[]) => ({
    'agents.refresh': async () => ({ agents }),
  });
  test('a table, and what to do for those that are not ready', async () => {
    const missing: AgentView = {
      ...AGENT,
      agentId: 'goose',
      name: 'goose',
      installation: { state: 'missing', installCommand: 'brew install goose' },
      readiness: {
        state: 'not-ready',
        error: { code: 'AGENT_NOT_INSTALLED', values: { agent: 'goose', installCommand: 'brew install goose' } },
      },
      modes: ['byo'],
      permissionModes: ['plan', 'ask', 'execute'],
      takesInstructions: true,
      effective: { mode: 'byo', model: 'm/1' },
    };
    const cli = knowing(commandLine({ handlers: list([AGENT, missing]) }));
    expect(await cli.run('agents')).toBe(0);
    const [heading, codex, goose, , advice] = (await cli.out()).split('\n');
    expect(heading).toMatch(/^id +name +state +version +model +provider$/);
    expect(codex).toMatch(/^codex +Codex +ready +0\.1 +agent’s default +openai$/);
    expect(goose).toMatch(/^goose +goose +not installed +m\/1$/);
    expect(advice).toContain('Install it with: brew install goose (AGENT_NOT_INSTALLED)');
  });
  test.each([
    ['the sandbox is known', knowing],
    ['the runner is known not to come up', down],
  ])('readiness is waited for until %s', async (_, happen) => {
    const cli = commandLine({ handlers: list([AGENT]) });
    const code = cli.run('agents');
    await new Promise((resolve) => setImmediate(resolve));
    expect(cli.calls).toEqual([]);
    happen(cli);
    expect(await code).toBe(0);
  });
  test('agents list is the same; JSON carries the views', async () => {
    const cli = knowing(commandLine({ handlers: list([AGENT]) }));
    expect(await cli.run('agents', 'list', '--json')).toBe(0);
    expect(JSON.parse(await cli.out())).toEqual({ agents: [AGENT] });
    expect(cli.calls.at(-1)?.params).toEqual({ projectDir: '/projects/here' });
  });
});

describe('env', () => {
  const plan = {
    set: [
      { name: 'PATH', source: 'base' as const, reason: 'cli.doctor.ok', secret: false, shown: '/usr/bin' },
      { name: 'OPENAI_API_KEY', source: 'keychain' as const, reason: 'cli.doctor.ok', secret: true, shown: '••••6789' },
    ],
    unset: [],
    denied: [{ name: 'LD_PRELOAD', source: 'shell', reason: 'cli.doctor.problem' }],
  };
  const refusal = { code: 'PROVIDER_UNDERIVABLE' as const, values: { agent: 'Codex', choices: 'a, b' } };
  const fence = {
    workingDirectory: '/projects/here/sub',
    sandbox: { state: 'on' as const, backend: 'bubblewrap' },
    network: { kind: 'proxy' as const, hosts: [{ host: 'api.openai.com', ports: [443] }], loopback: [] },
  };

  test('a table of what a session would get, and of what was left out', async () => {
    const cli = commandLine({
      handlers: { 'environment.plan': async () => ({ plan, mode: 'byo', model: '', fence, refusal }) },
    });
    expect(await cli.run('env', '--agent', 'codex', '--project', 'sub')).toBe(0);
    expect(cli.calls.at(-1)?.params).toEqual({ agentId: 'codex', projectDir: '/projects/here/sub' });
    const text = await cli.out();
    expect(text.trimStart().split('\n').slice(0, 5)).toEqual([
      expect.stringMatching(/^Credential +OPENAI_API_KEY ••••6789, from the keychain$/),
      expect.stringMatching(/^Model +agent’s default$/),
      expect.stringMatching(/^Hosts +api\.openai\.com$/),
      expect.stringMatching(/^Folder +\/projects\/here\/sub$/),
      expect.stringMatching(/^Sandbox +on, with bubblewrap$/),
    ]);
    expect(text).toMatch(/PATH +\/usr\/bin +your shell +ok/);
    expect(text).toMatch(/OPENAI_API_KEY +••••6789 +keychain +ok/);
    expect(text).toMatch(/LD_PRELOAD +refused +problem/);
    expect(await cli.err()).toContain('would not start now: Codex can use several providers');
  });
  test('JSON has the refusal with its sentence', async () => {
    const cli = commandLine({
      handlers: { 'environment.plan': async () => ({ plan, mode: 'byo', model: '', fence, refusal }) },
    });
    expect(await cli.run('env', '--agent', 'codex', '--json')).toBe(0);
    expect(JSON.parse(await cli.out())).toMatchObject({
      agentId: 'codex',
      plan,
      refusal: { code: 'PROVIDER_UNDERIVABLE', message: expect.stringContaining('Codex') },
    });
  });
  test('an id that can be none names those that exist', async () => {
    const cli = commandLine({ handlers: { 'agents.list': async () => ({ agents: [AGENT] }) } });
    expect(await cli.run('env', '--agent', 'No Such')).toBe(1);
    expect(await cli.err()).toContain('There is no agent called No Such. These exist: codex. (AGENT_UNKNOWN)');
  });

  test.each([
    [['--scope', 'agent:codex'], { agentId: 'codex', projectDir: '/projects/here' }],
    [['--agent', 'codex', '--scope', 'project:sub'], { agentId: 'codex', projectDir: '/projects/here/sub' }],
    [['--agent', 'codex', '--scope', 'global'], { agentId: 'codex' }],
  ])('a scope names the session: %j', async (args, asked) => {
    const cli = commandLine({
      handlers: { 'environment.plan': async () => ({ plan, mode: 'byo', model: '', fence }) },
    });
    expect(await cli.run('env', ...args)).toBe(0);
    expect(cli.calls.at(-1)?.params).toEqual(asked);
  });

  test('a scope that is none, and no agent at all, are said', async () => {
    const cli = commandLine();
    expect(await cli.run('env', '--agent', 'codex', '--scope', 'everywhere')).toBe(2);
    expect(await cli.run('env', '--scope', 'project')).toBe(2);
    expect(await cli.err()).toContain('--agent');
  });
});

describe('providers', () => {
  test('a list', async () => {
    const cli = commandLine({ handlers: providers });
    expect(await cli.run('providers', 'list')).toBe(0);
    expect(await cli.out()).toMatch(/openai +OpenAI +https:\/\/api\.openai\.com\/v1 +Perch +OPENAI_API_KEY\n/);
  });
  test('set and reset', async () => {
    const mine: ProviderView = { ...OPENAI, baseUrl: 'http://127.0.0.1:1/', baseUrlSource: 'user' };
    const cli = commandLine({ handlers: { ...providers, 'providers.setBaseUrl': async () => ({ provider: mine }) } });
    expect(await cli.run('providers', 'set', 'openai', '--base-url', 'http://127.0.0.1:1/')).toBe(0);
    expect(cli.calls.at(-1)?.params).toEqual({ providerId: 'openai', baseUrl: 'http://127.0.0.1:1/' });
    expect(await cli.out()).toBe('The address of OpenAI is now http://127.0.0.1:1/\n');
    const reset = commandLine({ handlers: { ...providers, 'providers.reset': async () => ({ provider: OPENAI }) } });
    expect(await reset.run('providers', 'reset', 'openai', '--json')).toBe(0);
    expect(JSON.parse(await reset.out())).toEqual({ provider: OPENAI });
  });
});

describe('doctor', () => {
  const report = (status: DoctorReport['checks'][number]['status']): DoctorReport => ({
    version: '1',
    platform: 'linux',
    dataDir: '/data',
    checks: [
      {
        id: 'keychain',
        status,
        summary: { key: 'doctor.keychain-locked', values: {} },
        advice: { key: 'doctor.keychain-locked-advice', values: {} },
      },
    ],
  });
  test.each([
    ['ok', 0],
    ['warning', 0],
    ['could-not-check', 0],
    ['problem', 1],
  ] as const)('%s ends with %i', async (status, code) => {
    const cli = commandLine({ handlers: { 'doctor.run': async () => ({ report: report(status) }) } });
    expect(await cli.run('doctor')).toBe(code);
    expect(await cli.out()).toContain('The keychain is locked.\n');
    expect(await cli.out()).toContain('→ Unlock it');
  });
  test('JSON has sentences in the language of the terminal', async () => {
    const cli = commandLine({
      handlers: { 'doctor.run': async () => ({ report: report('problem') }) },
      environment: { LANG: 'fr_FR' },
    });
    expect(await cli.run('doctor', '--json')).toBe(1);
    expect(JSON.parse(await cli.out()).checks).toEqual([
      {
        id: 'keychain',
        status: 'problem',
        summary: 'Le trousseau est verrouillé.',
        advice: expect.stringContaining('Déverrouille-le'),
      },
    ]);
  });
  test('a core that does not start is examined from outside', async () => {
    const cli = commandLine({
      openFails: new PerchError('DATABASE_CORRUPT', { file: '/x' }),
      withoutCore: report('problem'),
    });
    expect(await cli.run('doctor', '--json')).toBe(1);
    expect(JSON.parse(await cli.out()).checks).toHaveLength(1);
  });
});

describe('logs', () => {
  const line = (offset: number, message: string): PositionedLogLine => ({
    time: '2026-01-01T00:00:00.000Z',
    level: 'error',
    source: 'agent.stderr',
    message,
    position: { log: 'runner', segment: 1, offset },
  });
  test('the end of the runner log is the default', async () => {
    const cli = commandLine({
      handlers: {
        'logs.read': async () => ({
          lines: [line(0, 'bad\u001b[2J')],
          next: { log: 'runner', segment: 1, offset: 9 },
          positionGone: false,
        }),
      },
    });
    expect(await cli.run('logs')).toBe(0);
    expect(cli.calls.at(-1)?.params).toEqual({ log: 'runner', before: 200, after: 0 });
    expect(await cli.out()).toBe('  2026-01-01T00:00:00.000Z error agent.stderr: bad[2J\n');
  });
  test('a message of many lines, or a source, cannot pass for a line of the log', async () => {
    const forged = '2026-01-01T00:00:00.000Z error core: all is well';
    const lines = [
      { ...line(0, `first\r\n  ${forged}\n> ${forged}`), source: `agent\u001b[2J\n  ${forged}\n` },
      line(1, 'second'),
    ];
    const next = { log: 'runner' as const, segment: 1, offset: 9 };
    const cli = commandLine({ handlers: { 'logs.read': async () => ({ lines, next, positionGone: false }) } });
    expect(await cli.run('logs')).toBe(0);
    const margin = ' '.repeat(27);
    expect(await cli.out()).toBe(
      [
        `  2026-01-01T00:00:00.000Z error agent[2J ${forged}: first`,
        `${margin}|   ${forged}`,
        `${margin}| > ${forged}`,
        '  2026-01-01T00:00:00.000Z error agent.stderr: second',
        '',
      ].join('\n'),
    );
  });
  test('as JSON, a line holds nothing that a terminal obeys', async () => {
    const bad = line(0, 'a\u009b2J');
    const next = { log: 'runner' as const, segment: 1, offset: 9 };
    const cli = commandLine({ handlers: { 'logs.read': async () => ({ lines: [bad], next, positionGone: false }) } });
    expect(await cli.run('logs', '--json')).toBe(0);
    const out = await cli.out();
    expect(out).not.toContain('\u009b');
    expect(JSON.parse(out)).toEqual(bad);
  });
  test("a turn's log opens at the line that failed", async () => {
    const log = 'session:7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009' as const;
    const failedAt = { log, segment: 1, offset: 5 };
    const turn: TurnSummary = {
      turnId: TURN_ID,
      sessionId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009',
      agentId: 'demo',
      model: '',
      projectDir: '/',
      promptPreview: '',
      status: 'failed',
      acceptedAt: 1,
      lastSeq: 2,
      failure: { error: { code: 'AGENT_EXITED', values: {} }, log: failedAt, lastLines: [] },
    };
    const cli = commandLine({
      handlers: {
        'turns.get': async () => ({ turn }),
        'logs.read': async () => ({
          lines: [line(0, 'before'), { ...line(5, 'here'), position: failedAt }],
          next: failedAt,
          positionGone: false,
        }),
      },
    });
    expect(await cli.run('logs', TURN_ID)).toBe(0);
    expect(cli.calls.at(-1)?.params).toMatchObject({ log, from: failedAt });
    expect((await cli.out()).split('\n').map((each) => each[0])).toEqual([' ', '>', undefined]);
  });
  test('following shows what comes, until the interrupt', async () => {
    const pages = [[line(0, 'one')], [], [line(5, 'two')]];
    const next = { log: 'runner' as const, segment: 1, offset: 5 };
    const cli = commandLine({
      handlers: {
        'logs.file': async () => ({ path: '/data/logs/runner/1.log', revealed: false }),
        'logs.read': async () => {
          const lines = pages.shift() ?? [];
          if (lines[0]?.message === 'two') cli.interrupts.interrupt();
          else if (lines.length === 0) setImmediate(cli.folderChanged);
          return { lines, next, positionGone: false };
        },
      },
    });
    expect(await cli.run('logs', '--follow')).toBe(0);
    expect(await cli.out()).toMatch(/one\n.*two\n$/);
    expect(cli.state.folders).toEqual(['/data/logs/runner']);
    expect(cli.state.forced).toBe(0);
  });
  test('a name that is no log', async () => {
    const cli = commandLine();
    expect(await cli.run('logs', 'everything')).toBe(2);
  });
});

test('an unexpected error is told with its inside: there may be no log of it', async () => {
  const cli = commandLine({ openFails: new Error('the inside') });
  expect(await cli.run('agents')).toBe(1);
  expect(await cli.err()).toMatch(/\(INTERNAL\)\nError: the inside/);
});

test('every sentence of the command line exists, and is used', () => {
  // `perch serve` speaks as the command line does.
  const folders = [import.meta.dirname, join(import.meta.dirname, '..', 'loopback')];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const used = [...text.matchAll(/['`](cli\.[a-zA-Z0-9.-]+)['`]/g)].map(([, key]) => key ?? '');
  expect(used.filter((key) => !Object.hasOwn(texts, key))).toEqual([]);
  const problems = [...text.matchAll(/(?:UsageError|usage|suggest|unknown)\('([a-z-]+)'/g)].map(
    ([, key]) => `cli.usage.${key}`,
  );
  expect(problems.length).toBeGreaterThan(10);
  expect(problems.filter((key) => !Object.hasOwn(texts, key))).toEqual([]);
  const families = [...text.matchAll(/`(cli\.[a-z.-]+)\$\{/g)].map(([, prefix]) => prefix ?? '');
  const known = (key: string) =>
    used.includes(key) ||
    problems.includes(key.replace(/-near$/, '')) ||
    families.some((prefix) => prefix !== 'cli.usage.' && key.startsWith(prefix)) ||
    columns.has(key.split('.').at(-1) ?? '');
  const columns = new Set([...text.matchAll(/'([a-z-]+)'/g)].map(([, word]) => word));
  const unused = Object.keys(texts).filter((key) => !known(key));
  expect(unused).toEqual([]);
});
