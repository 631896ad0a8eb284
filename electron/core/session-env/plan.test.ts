import { expect, test } from 'vitest';
import type { CredentialView } from '../../../shared/model/credential.ts';
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
  credentials: [],
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
  const got = valuesOf({ credentials }, [['GOOGLE_API_KEY', 'the-secret']]);
  expect(got.GEMINI_API_KEY).toBe('the-secret');
  expect(got).not.toHaveProperty('GOOGLE_API_KEY');
});

test('a plan and its view hold no secret, only its mask and where it comes from', () => {
  const made = plan({ credentials: [{ entry: entry('OPENAI_API_KEY'), as: 'OPENAI_API_KEY' }] });
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
  expect(valuesOf({ agent, credentials }, [['OPENAI_API_KEY', 'real']]).OPENAI_API_KEY).toBe('real');
});

test.each(['PATH', 'Path', 'LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV', 'GIT_SSH_COMMAND', 'PYTHONPATH', 'PERL5OPT'])(
  'a credential kept as %s is refused',
  (name) => {
    expect(() => plan({ credentials: [{ entry: entry(name), as: name }] })).toThrowError(
      expect.objectContaining({ code: 'VARIABLE_RESERVED', values: { variable: name } }),
    );
  },
);

test('a planned secret without a value is an error, never an empty variable', () => {
  const credentials = [{ entry: entry('OPENAI_API_KEY'), as: 'OPENAI_API_KEY' }];
  expect(() => valuesOf({ credentials })).toThrowError(
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
