import { expect, test } from 'vitest';
import type { WireError } from '../../../../shared/errors/perch-error.ts';
import { decideReadiness, type GateInput, type ProviderState } from './gate.ts';

const derived = (credential: Extract<ProviderState, { state: 'derived' }>['credential']): ProviderState => ({
  state: 'derived',
  providerId: 'openai',
  providerName: 'OpenAI',
  credential,
});
const allThere: GateInput = {
  agentId: 'codex',
  agentName: 'Codex',
  auth: { mode: 'byo', model: '' },
  modes: ['byo', 'managed'],
  installation: { state: 'found', path: '/x', source: 'path' },
  adapter: { state: 'found' },
  provider: derived({ state: 'resolved', dead: [] }),
  sandbox: { state: 'available', backend: 'bubblewrap', version: '0.8.0' },
  sandboxSetting: 'on',
};
const decide = (change: Partial<GateInput>) => decideReadiness({ ...allThere, ...change });
const codeOf = (change: Partial<GateInput>) => {
  const readiness = decide(change);
  return readiness.state === 'not-ready' ? readiness.error.code : readiness.state;
};

test('with everything there it is ready', () => {
  expect(decide({})).toEqual({ state: 'ready' });
});

test('a missing credential names the provider and what it accepts', () => {
  const accepted = [['OPENAI_API_KEY'], ['A', 'B']];
  expect(decide({ provider: derived({ state: 'missing', accepted }) })).toEqual({
    state: 'not-ready',
    error: {
      code: 'MISSING_BYOK_CREDENTIAL',
      values: {
        agent: 'Codex',
        agentId: 'codex',
        provider: 'OpenAI',
        providerId: 'openai',
        variables: 'OPENAI_API_KEY, A + B',
      },
      details: { agentId: 'codex', providerId: 'openai', accepted },
    },
  });
});

test('where any of several providers would do, all are named, each with its best variable', () => {
  const choices = [
    { providerId: 'anthropic', providerName: 'Anthropic', accepted: [['ANTHROPIC_API_KEY'], ['OTHER']] },
    { providerId: 'openai', providerName: 'OpenAI', accepted: [['A', 'B']] },
  ];
  expect(decide({ provider: { state: 'no-credential', choices } })).toEqual({
    state: 'not-ready',
    error: {
      code: 'MISSING_BYOK_CREDENTIAL',
      values: {
        agent: 'Codex',
        agentId: 'codex',
        provider: 'Anthropic / OpenAI',
        providerId: 'anthropic',
        variables: 'ANTHROPIC_API_KEY, A + B',
      },
      details: {
        agentId: 'codex',
        providerId: 'anthropic',
        accepted: [['ANTHROPIC_API_KEY'], ['OTHER']],
        choices: ['anthropic', 'openai'],
      },
    },
  });
});

test('an own login is offered where it can be the credential, and only there', () => {
  const accepted = [['OPENAI_API_KEY']];
  const canSignIn = (change: Partial<GateInput>) => {
    const readiness = decide(change);
    return readiness.state === 'not-ready' && readiness.error.details?.canSignIn === true;
  };
  const missing = { provider: derived({ state: 'missing', accepted }) };
  expect(canSignIn({ ...missing, loginFor: ['openai'] })).toBe(true);
  expect(canSignIn({ ...missing, loginFor: ['anthropic'] })).toBe(false);
  expect(canSignIn(missing)).toBe(false);
  const refused = { provider: derived({ state: 'resolved', dead: [{ credentialId: '1', variable: 'A' }] }) };
  expect(canSignIn({ ...refused, loginFor: ['openai'] })).toBe(true);
  const expired = { provider: derived({ state: 'expired', entries: [{ variable: 'A' }] }) };
  expect(canSignIn({ ...expired, loginFor: ['openai'] })).toBe(true);
  const several = ['anthropic', 'openai'].map((providerId) => ({ providerId, providerName: '', accepted }));
  expect(canSignIn({ provider: { state: 'no-credential', choices: several }, loginFor: ['openai'] })).toBe(true);
});

test('a credential that its provider refuses is named, and is not called missing', () => {
  const [one, other] = [
    { credentialId: '1', variable: 'A' },
    { credentialId: '2', variable: 'B' },
  ];
  const refusal = { agent: 'Codex', agentId: 'codex', provider: 'OpenAI', providerId: 'openai' };
  expect(decide({ provider: derived({ state: 'resolved', dead: [one, other] }) })).toEqual({
    state: 'not-ready',
    error: {
      code: 'BYOK_CREDENTIAL_INVALID',
      values: { ...refusal, variable: 'A, B' },
      details: { agentId: 'codex', providerId: 'openai', credentialId: '1' },
    },
  });
});

test('an expired credential is told as expired, not as missing', () => {
  const entries = [{ variable: 'A' }, { variable: 'B' }];
  expect(decide({ provider: derived({ state: 'expired', entries }) })).toEqual({
    state: 'not-ready',
    error: {
      code: 'CREDENTIAL_EXPIRED',
      values: { agent: 'Codex', agentId: 'codex', provider: 'OpenAI', providerId: 'openai', variable: 'A, B' },
      details: { agentId: 'codex', providerId: 'openai' },
    },
  });
});

test('a command of somebody’s own that is not there is not called installable', () => {
  const values = { agent: 'Codex', agentId: 'codex' };
  expect(decide({ installation: { state: 'missing', program: 'my-agent' } })).toEqual({
    state: 'not-ready',
    error: { code: 'AGENT_PROGRAM_MISSING', values: { ...values, program: 'my-agent' } },
  });
  expect(decide({ installation: { state: 'missing' } })).toEqual({
    state: 'not-ready',
    error: { code: 'AGENT_PROGRAM_MISSING', values: { ...values, program: '–' } },
  });
  expect(decide({ installation: { state: 'missing', installCommand: 'npm i x' } })).toEqual({
    state: 'not-ready',
    error: { code: 'AGENT_NOT_INSTALLED', values: { ...values, installCommand: 'npm i x' } },
  });
});

test('a declared address that nobody confirmed is named with its origin', () => {
  expect(decide({ provider: derived({ state: 'endpoint-unconfirmed', origin: 'https://gateway.test' }) })).toEqual({
    state: 'not-ready',
    error: {
      code: 'ENDPOINT_NOT_CONFIRMED',
      values: {
        agent: 'Codex',
        agentId: 'codex',
        provider: 'OpenAI',
        providerId: 'openai',
        origin: 'https://gateway.test',
      },
    },
  });
});

test("an agent's own login opens the gate; while it is asked about, it is neither open nor refused", () => {
  expect(decide({ provider: derived({ state: 'own-login' }) })).toEqual({ state: 'ready' });
  expect(decide({ provider: derived({ state: 'own-login-checking' }) })).toEqual({ state: 'checking' });
});

test('an own login that could not be checked is told as such, not as missing', () => {
  expect(decide({ provider: derived({ state: 'own-login-could-not-check', reason: 'exit 3' }) })).toEqual({
    state: 'not-ready',
    error: {
      code: 'OWN_LOGIN_COULD_NOT_CHECK',
      values: { agent: 'Codex', agentId: 'codex', provider: 'OpenAI', providerId: 'openai', reason: 'exit 3' },
      details: { agentId: 'codex', providerId: 'openai' },
    },
  });
});

test('an unreadable credential is told as such, not as missing', () => {
  const error = { code: 'KEYCHAIN_LOCKED', values: {} } as const;
  expect(decide({ provider: derived({ state: 'unreadable', error }) })).toEqual({ state: 'not-ready', error });
});

const AGENT = { agent: 'Codex', agentId: 'codex' };
test.each<[string, Partial<GateInput>, WireError]>([
  [
    'an agent that is not installed says how to install it',
    { installation: { state: 'missing', installCommand: 'npm i x' } },
    { code: 'AGENT_NOT_INSTALLED', values: { ...AGENT, installCommand: 'npm i x' } },
  ],
  [
    'an agent that could not be looked for is not called missing',
    { installation: { state: 'could-not-check', reason: 'EACCES' } },
    { code: 'AGENT_COULD_NOT_CHECK', values: { ...AGENT, reason: 'EACCES' } },
  ],
  [
    'a missing adapter is named',
    { adapter: { state: 'missing', name: 'x-acp', installCommand: 'npm i x-acp' } },
    { code: 'AGENT_ADAPTER_MISSING', values: { ...AGENT, adapter: 'x-acp', installCommand: 'npm i x-acp' } },
  ],
  [
    'an adapter that could not be looked for is not called missing',
    { adapter: { state: 'could-not-check', name: 'x-acp', reason: 'EACCES' } },
    { code: 'AGENT_COULD_NOT_CHECK', values: { ...AGENT, reason: 'EACCES' } },
  ],
  [
    'a provider that cannot be derived names the choices',
    { provider: { state: 'underivable', choices: ['a', 'b'] } },
    {
      code: 'PROVIDER_UNDERIVABLE',
      values: { ...AGENT, choices: 'a, b' },
      details: { agentId: 'codex', choices: ['a', 'b'] },
    },
  ],
  [
    'a provider that the agent cannot use names those it can',
    { provider: { state: 'unsupported', providerId: 'x', supported: ['a', 'b'] } },
    { code: 'AGENT_PROVIDER_UNSUPPORTED', values: { ...AGENT, provider: 'x', providerId: 'x', supported: 'a, b' } },
  ],
  [
    'no sandbox',
    { sandbox: { state: 'unavailable', reason: 'bwrap was not found' } },
    { code: 'SANDBOX_UNAVAILABLE', values: { ...AGENT, reason: 'bwrap was not found' } },
  ],
])('%s', (_, change, error) => {
  expect(decide(change)).toEqual({ state: 'not-ready', error });
});

test.each<[string, Partial<GateInput>]>([
  ['the agent', { installation: { state: 'checking' } }],
  ['the adapter', { adapter: { state: 'checking' } }],
  ['the sandbox', { sandbox: { state: 'checking' } }],
])('while %s is looked for, it is neither ready nor refused', (_, change) => {
  expect(decide(change)).toEqual({ state: 'checking' });
});

test.each<[string, Partial<GateInput>]>([
  ['an adapter', { adapter: { state: 'not-needed' } }],
  ['a provider', { provider: { state: 'not-needed' } }],
  ['a credential', { provider: derived({ state: 'not-needed' }) }],
])('%s that is not needed is not in the way', (_, change) => {
  expect(decide(change)).toEqual({ state: 'ready' });
});

test('the first thing in the way is named: program, adapter, provider, sandbox', () => {
  const all = {
    installation: { state: 'missing', installCommand: 'npm i' },
    adapter: { state: 'missing', name: 'a', installCommand: 'npm i a' },
    provider: derived({ state: 'missing', accepted: [['OPENAI_API_KEY']] }),
    sandbox: { state: 'unavailable', reason: 'r' },
  } as const;
  const { installation, adapter, provider } = allThere;
  expect(codeOf(all)).toBe('AGENT_NOT_INSTALLED');
  expect(codeOf({ ...all, installation })).toBe('AGENT_ADAPTER_MISSING');
  expect(codeOf({ ...all, installation, adapter })).toBe('MISSING_BYOK_CREDENTIAL');
  expect(codeOf({ ...all, installation, adapter, provider })).toBe('SANDBOX_UNAVAILABLE');
});

test.each([{ state: 'unavailable', reason: 'r' }, { state: 'checking' }] as const)(
  'the sandbox that the user turned off is not waited for: $state',
  (sandbox) => {
    expect(decide({ sandbox, sandboxSetting: 'off' })).toEqual({ state: 'ready' });
  },
);

test.each(['installation', 'adapter', 'provider', 'sandbox'] as const)(
  'a state of the %s that nobody knows opens nothing',
  (part) => {
    expect(() => decide({ [part]: { state: 'unheard-of' } })).toThrow('unheard-of');
  },
);

test('nor does one of the credential', () => {
  expect(() => decide({ provider: derived({ state: 'unheard-of' } as never) })).toThrow('unheard-of');
});

const managed = (model: string, ...others: string[]): GateInput['auth'] => ({
  mode: 'managed',
  model,
  gateway: { providerId: 'openai' },
  allowedModels: ['gpt-5', ...others],
});
/** Everything is in the way. */
const nothingThere: Partial<GateInput> = {
  installation: { state: 'missing', installCommand: 'npm i x' },
  adapter: { state: 'missing', name: 'x-acp', installCommand: 'npm i x-acp' },
  provider: { state: 'underivable', choices: ['a', 'b'] },
  sandbox: { state: 'unavailable', reason: 'no' },
};

test.each<[string, Partial<GateInput>, WireError]>([
  [
    'a mode that the agent lacks',
    { auth: managed('gpt-9'), modes: ['byo'] },
    { code: 'MODE_UNSUPPORTED', values: { ...AGENT, mode: 'managed', supported: 'byo' } },
  ],
  [
    'its own credential, for an agent that lacks that',
    { auth: { mode: 'byo', model: '' }, modes: ['managed'] },
    { code: 'MODE_UNSUPPORTED', values: { ...AGENT, mode: 'byo', supported: 'managed' } },
  ],
  [
    'the same where there would be others',
    { auth: { mode: 'other' as 'byo', model: '' }, modes: ['byo', 'managed'] },
    { code: 'MODE_UNSUPPORTED', values: { ...AGENT, mode: 'other', supported: 'byo, managed' } },
  ],
  [
    'a model that is none of several',
    { auth: managed('gpt-9', 'gpt-6') },
    { code: 'MODEL_NOT_ALLOWED', values: { ...AGENT, mode: 'managed', model: 'gpt-9', allowed: 'gpt-5, gpt-6' } },
  ],
  [
    'a model that is not allowed',
    { auth: managed('gpt-9') },
    { code: 'MODEL_NOT_ALLOWED', values: { ...AGENT, mode: 'managed', model: 'gpt-9', allowed: 'gpt-5' } },
  ],
  [
    'managed, for want of a gateway',
    { auth: managed('gpt-5') },
    { code: 'GATEWAY_NOT_BUILT', values: { ...AGENT, mode: 'managed' } },
  ],
])('%s is refused before anything else', (_, change, error) => {
  expect(decide(change)).toEqual({ state: 'not-ready', error });
  expect(decide({ ...nothingThere, ...change })).toEqual({ state: 'not-ready', error });
});
