import { expect, test } from 'vitest';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import { type PlanInput, planEnvironment, resolveEnvironment } from './plan.ts';
import { planView } from './view.ts';

const entry = (variable: string): CredentialView => ({
  credentialId: '00000000-0000-4000-8000-000000000001',
  providerId: 'openai',
  variable,
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••1234',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
});

const inputWith = (change: Partial<PlanInput>): PlanInput => ({
  platform: 'linux',
  host: {},
  home: '/home/agent',
  temporary: '/tmp',
  agent: [],
  access: { mode: 'byo', credentials: [] },
  network: { kind: 'shared' },
  variables: [],
  isRouting: (name) => name === 'SOME_BASE_URL',
  knownCredentialVariables: new Set(['OPENAI_API_KEY']),
  ...change,
});
const plan = (change: Partial<PlanInput>) => planEnvironment(inputWith(change));
const valuesOf = (change: Partial<PlanInput>, secrets: [string, string][] = []) =>
  resolveEnvironment(plan(change), new Map(secrets));

test('a session of an empty host has exactly what Perch makes', () => {
  expect(valuesOf({})).toEqual({
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
    HOME: '/home/agent',
    TMPDIR: '/tmp',
    XDG_CONFIG_HOME: '/home/agent/.config',
    XDG_DATA_HOME: '/home/agent/.local/share',
    XDG_STATE_HOME: '/home/agent/.local/state',
    XDG_CACHE_HOME: '/home/agent/.cache',
    TERM: 'dumb',
    NO_COLOR: '1',
  });
});

test('what is declared comes after what is the user’s own and Perch’s, and under the same rules', () => {
  const declared = (name: string) =>
    ({ name, source: 'declared', reason: 'reason.declared', value: 'declared' }) as const;
  const own: PlanInput['variables'][number] = {
    variable: {
      variableId: 'id',
      name: 'MINE',
      scope: { kind: 'global' },
      storage: 'plain',
      shown: 'mine',
      createdAt: 1,
      updatedAt: 1,
    },
    hides: [],
  };
  const { set, denied } = plan({
    variables: [own],
    declared: ['MINE', 'HOME', 'LD_PRELOAD', 'SOME_BASE_URL', 'DEPTH'].map(declared),
  });
  const shownOf = (name: string) => set.find((one) => one.name === name && !one.secret);
  expect(shownOf('DEPTH')).toMatchObject({ value: 'declared', source: 'declared' });
  expect(shownOf('MINE')).toMatchObject({ value: 'mine' });
  expect(shownOf('HOME')).toMatchObject({ value: '/home/agent' });
  expect(denied.filter(({ source }) => source === 'declared').map(({ name }) => name)).toEqual([
    'MINE',
    'HOME',
    'LD_PRELOAD',
    'SOME_BASE_URL',
  ]);
});

test('a credential says where it is from: a declared one from the folder', () => {
  const reasonOf = (storage: CredentialView['storage']) =>
    plan({
      access: { mode: 'byo', credentials: [{ entry: { ...entry('OPENAI_API_KEY'), storage }, as: 'OPENAI_API_KEY' }] },
    }).set.find(({ name }) => name === 'OPENAI_API_KEY')?.reason;
  expect(reasonOf('declared')).toBe('reason.secret-declared');
  expect(reasonOf('keychain')).toBe('reason.credential-global');
});

test.each(['linux', 'win32'])('a program in a terminal has its kind, and its colours: %s', (platform) => {
  const own = plan({ platform, inTerminal: true }).set.filter(({ name }) => name === 'TERM' || name === 'NO_COLOR');
  const kind = { name: 'TERM', value: 'xterm-256color', secret: false, source: 'perch', reason: 'reason.terminal' };
  expect(own).toEqual(platform === 'linux' ? [kind] : []);
});

test.each([
  [
    'linux',
    [
      ['LANG', 'base', 'reason.base', 'C'],
      ['PATH', 'perch', 'reason.path', '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'],
      ['HOME', 'perch', 'reason.home', '/home/agent'],
      ['TMPDIR', 'perch', 'reason.temporary', '/tmp'],
      ['XDG_CONFIG_HOME', 'perch', 'reason.home', '/home/agent/.config'],
      ['XDG_DATA_HOME', 'perch', 'reason.home', '/home/agent/.local/share'],
      ['XDG_STATE_HOME', 'perch', 'reason.home', '/home/agent/.local/state'],
      ['XDG_CACHE_HOME', 'perch', 'reason.home', '/home/agent/.cache'],
      ['TERM', 'perch', 'reason.no-color', 'dumb'],
      ['NO_COLOR', 'perch', 'reason.no-color', '1'],
    ],
  ],
  [
    'win32',
    [
      ['LANG', 'base', 'reason.base', 'C'],
      [
        'PATH',
        'perch',
        'reason.path',
        'C:\\Windows\\System32;C:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0',
      ],
      ['USERPROFILE', 'perch', 'reason.home', 'C:\\home'],
      ['HOME', 'perch', 'reason.home', 'C:\\home'],
      ['APPDATA', 'perch', 'reason.home', 'C:\\home\\AppData\\Roaming'],
      ['LOCALAPPDATA', 'perch', 'reason.home', 'C:\\home\\AppData\\Local'],
      ['TEMP', 'perch', 'reason.temporary', '/tmp'],
      ['TMP', 'perch', 'reason.temporary', '/tmp'],
      ['NO_COLOR', 'perch', 'reason.no-color', '1'],
    ],
  ],
])('on %s every variable says where it is from and why', (platform, expected) => {
  const home = platform === 'win32' ? 'C:\\home' : '/home/agent';
  const made = plan({ platform, home, host: { LANG: 'C' } });
  expect(made.set).toEqual(
    expected.map(([name, source, reason, value]) => ({ name, source, reason, value, secret: false })),
  );
  expect(made.unset).toEqual([]);
  expect(made.denied).toEqual([]);
});

test("an agent's own variable is planned as it is described", () => {
  const variable = { name: 'AGENT_MODE', value: 'quiet', source: 'agent' as const, reason: 'reason.agent-quiet' };
  expect(plan({ agent: [variable] }).set).toContainEqual({ ...variable, secret: false });
});

test('what got in is not told as kept out, what Perch replaced is', () => {
  const { denied } = plan({
    host: { LANG: 'C', TERM: 'xterm', FOO: 'bar' },
    knownCredentialVariables: new Set(['LANG', 'TERM', 'FOO']),
  });
  expect(denied.map(({ name }) => name)).toEqual(['FOO', 'TERM']);
});

test('of a full host only language and time get in', () => {
  const host = {
    PATH: '/evil',
    HOME: '/home/user',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'C',
    TZ: 'Europe/Berlin',
    USER: 'someone',
    OPENAI_API_KEY: 'sk-host',
    LD_PRELOAD: '/evil.so',
    NODE_OPTIONS: '--require /evil.js',
    FOO: 'bar',
  };
  const own = new Set([...Object.keys(valuesOf({})), 'LANG', 'LC_ALL', 'TZ']);
  const got = valuesOf({ host });
  expect(new Set(Object.keys(got))).toEqual(own);
  expect(got).toMatchObject({ LANG: 'de_DE.UTF-8', LC_ALL: 'C', TZ: 'Europe/Berlin', HOME: '/home/agent' });
  expect(JSON.stringify(got)).not.toMatch(/evil|sk-host|bar|someone/);
});

test('a locale that is a path does not get in', () => {
  expect(valuesOf({ host: { LANG: '/tmp/evil', TZ: '../../etc/passwd', LC_ALL: 'C\nX=1' } })).not.toHaveProperty(
    'LANG',
  );
  expect(Object.keys(valuesOf({ host: { TZ: ':/etc/../x', LANG: 'C.UTF-8' } }))).toContain('LANG');
});

test('what is kept out is named, with the reason, and without its value', () => {
  const host = {
    OPENAI_API_KEY: 'sk-host-secret',
    ANTHROPIC_BASE_URL: 'https://elsewhere.example',
    LD_PRELOAD: '/evil.so',
    SSH_AUTH_SOCK: '/run/agent',
    https_proxy: 'http://user:pass@proxy',
    MY_SERVICE_TOKEN: 'abc',
    LANG: 'C.UTF-8',
    PATH: '/bin',
    EMPTY_API_KEY: '',
    COLORTERM: 'truecolor',
    PERCH_DATA_DIR: '/data',
  };
  const { denied } = plan({ host });
  expect(denied).toEqual([
    { name: 'ANTHROPIC_BASE_URL', source: 'host', reason: 'reason.denied-steering' },
    { name: 'LD_PRELOAD', source: 'host', reason: 'reason.denied-reserved' },
    { name: 'MY_SERVICE_TOKEN', source: 'host', reason: 'reason.denied-secret' },
    { name: 'OPENAI_API_KEY', source: 'host', reason: 'reason.denied-credential' },
    { name: 'SSH_AUTH_SOCK', source: 'host', reason: 'reason.denied-socket' },
    { name: 'https_proxy', source: 'host', reason: 'reason.denied-proxy' },
  ]);
  expect(JSON.stringify(planView(plan({ host })))).not.toMatch(/sk-host|evil|elsewhere|pass@|abc/);
});

test('a credential arrives under the name that the agent wants', () => {
  const credentials = [{ entry: entry('GOOGLE_API_KEY'), as: 'GEMINI_API_KEY' }];
  const got = valuesOf({ access: { mode: 'byo', credentials } }, [['GOOGLE_API_KEY', 'the-secret']]);
  expect(got.GEMINI_API_KEY).toBe('the-secret');
  expect(got).not.toHaveProperty('GOOGLE_API_KEY');
});

test('a plan and its view hold no secret, only its mask and where it comes from', () => {
  const made = plan({
    access: { mode: 'byo', credentials: [{ entry: entry('OPENAI_API_KEY'), as: 'OPENAI_API_KEY' }] },
  });
  const shown = planView(made).set.find(({ name }) => name === 'OPENAI_API_KEY');
  expect(shown).toEqual({
    name: 'OPENAI_API_KEY',
    source: 'keychain',
    reason: 'reason.credential-global',
    secret: true,
    shown: '••••1234',
  });
});

test('a credential wins over a variable of the agent with the same name', () => {
  const agent = [
    { name: 'OPENAI_API_KEY', value: 'template', source: 'agent' as const, reason: 'reason.agent-routing' },
  ];
  const credentials = [{ entry: entry('OPENAI_API_KEY'), as: 'OPENAI_API_KEY' }];
  expect(valuesOf({ agent, access: { mode: 'byo', credentials } }, [['OPENAI_API_KEY', 'real']]).OPENAI_API_KEY).toBe(
    'real',
  );
});

test.each(['PATH', 'Path', 'LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV', 'GIT_SSH_COMMAND', 'PYTHONPATH', 'PERL5OPT'])(
  'a credential kept as %s is refused',
  (name) => {
    expect(() => plan({ access: { mode: 'byo', credentials: [{ entry: entry(name), as: name }] } })).toThrowError(
      expect.objectContaining({ code: 'VARIABLE_RESERVED', values: { variable: name } }),
    );
  },
);

test('a planned secret without a value is an error, never an empty variable', () => {
  const credentials = [{ entry: entry('OPENAI_API_KEY'), as: 'OPENAI_API_KEY' }];
  expect(() => valuesOf({ access: { mode: 'byo', credentials } })).toThrowError(
    expect.objectContaining({
      code: 'CREDENTIAL_UNREADABLE',
      values: { variable: 'OPENAI_API_KEY', providerId: 'openai' },
    }),
  );
});

test('the same input gives the same plan', () => {
  const change = { host: { TZ: 'UTC', LANG: 'C', LC_CTYPE: 'C' } };
  expect(JSON.stringify(plan(change))).toBe(JSON.stringify(plan({ host: { LC_CTYPE: 'C', LANG: 'C', TZ: 'UTC' } })));
});

test('a session behind the proxy is told of it, and one that shares the network is not', () => {
  const behind = plan({ network: { kind: 'proxy' } as PlanInput['network'] }).set;
  expect(behind.find(({ name }) => name === 'HTTPS_PROXY')).toEqual({
    name: 'HTTPS_PROXY',
    value: 'http://127.0.0.1:3128',
    secret: false,
    source: 'perch',
    reason: 'reason.network-sandbox',
  });
  expect(behind.map(({ name }) => name)).toEqual(expect.arrayContaining(['no_proxy', 'NODE_USE_ENV_PROXY']));
  expect(plan({}).set.map(({ name }) => name)).not.toContain('HTTPS_PROXY');
});

test('a variable of the user never takes a name that the session sets itself', () => {
  const variable = {
    variableId: '00000000-0000-4000-8000-000000000009',
    name: 'AGENT_QUIET',
    scope: { kind: 'global' as const },
    storage: 'plain' as const,
    shown: 'mine',
    createdAt: 1,
    updatedAt: 1,
  };
  const variables = [{ variable, hides: [] }];
  expect(valuesOf({ variables }).AGENT_QUIET).toBe('mine');
  const agent = [{ name: 'AGENT_QUIET', value: '1', source: 'agent' as const, reason: 'reason.quiet' }];
  expect(valuesOf({ variables, agent }).AGENT_QUIET).toBe('1');
  expect(plan({ variables, agent }).denied).toEqual([
    { name: 'AGENT_QUIET', source: 'variable', reason: 'reason.denied-taken' },
  ]);
});

test('what a conversation was given before and this plan has not is told as unset', () => {
  const givenNames = [
    { name: 'PATH', kind: 'other' },
    { name: 'MINE', kind: 'variable' },
  ] as const;
  expect(plan({ givenNames }).unset).toEqual([{ name: 'MINE', reason: 'reason.unset-variable' }]);
  expect(plan({}).unset).toEqual([]);
});

test.each(['linux', 'win32'])('a program in a terminal gets nothing more than its kind: %s', (platform) => {
  const names = (inTerminal: boolean) => plan({ platform, inTerminal }).set.map(({ name }) => name);
  expect(names(true)).toEqual(names(false).filter((name) => name !== 'NO_COLOR'));
});

test('what is declared gives way to a credential and to the user’s own variable, and is told as denied', () => {
  const declared = ['PICKED', 'MINE', 'OPENAI_API_KEY', 'SOME_BASE_URL', 'FREE'].map((name) => ({
    name,
    value: 'of the project',
    source: 'declared' as const,
    reason: 'reason.declared',
  }));
  const stamps = { createdAt: 1, updatedAt: 1 };
  const scope = { kind: 'global' } as const;
  const mine = { variableId: 'id', name: 'MINE', scope, storage: 'plain' as const, shown: 'my own', ...stamps };
  const { set, denied } = plan({
    declared,
    variables: [{ variable: mine, hides: [] }],
    access: { mode: 'byo', credentials: [{ entry: entry('OPENAI_API_KEY'), as: 'PICKED' }] },
  });
  expect(set.filter(({ source }) => source === 'declared').map(({ name }) => name)).toEqual(['FREE']);
  expect(set.find(({ name }) => name === 'MINE')).toMatchObject({ value: 'my own', source: 'variable' });
  expect(denied).toEqual([
    { name: 'PICKED', source: 'declared', reason: 'reason.denied-taken' },
    { name: 'MINE', source: 'declared', reason: 'reason.denied-taken' },
    { name: 'OPENAI_API_KEY', source: 'declared', reason: 'reason.denied-provider' },
    { name: 'SOME_BASE_URL', source: 'declared', reason: 'reason.denied-routing' },
  ]);
});

test('a declared credential says so', () => {
  const declared: CredentialView = { ...entry('OPENAI_API_KEY'), storage: 'declared' };
  const { set } = plan({ access: { mode: 'byo', credentials: [{ entry: declared, as: 'OPENAI_API_KEY' }] } });
  expect(set.find(({ name }) => name === 'OPENAI_API_KEY')).toMatchObject({
    source: 'declared',
    reason: 'reason.secret-declared',
  });
});
