import { expect, test } from 'vitest';
import { decideReadiness, type GateInput, type ProviderState } from './gate.ts';

const derived = (credential: Extract<ProviderState, { state: 'derived' }>['credential']): ProviderState => ({
  state: 'derived',
  providerId: 'openai',
  providerName: 'OpenAI',
  credential,
});
const decide = (change: Partial<GateInput>) =>
  decideReadiness({
    agentId: 'codex',
    agentName: 'Codex',
    installation: { state: 'found', path: '/x', source: 'path' },
    adapter: { state: 'found' },
    provider: derived({ state: 'resolved' }),
    sandbox: { state: 'available', backend: 'bubblewrap', version: '0.8.0' },
    sandboxSetting: 'on',
    ...change,
  });
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

test('an unreadable credential is told as such, not as missing', () => {
  const error = { code: 'KEYCHAIN_LOCKED', values: {} } as const;
  expect(codeOf({ provider: derived({ state: 'unreadable', error }) })).toBe('KEYCHAIN_LOCKED');
});

test('not installed, not found out and still looking are three things', () => {
  expect(codeOf({ installation: { state: 'missing', installCommand: 'npm i' } })).toBe('AGENT_NOT_INSTALLED');
  expect(codeOf({ installation: { state: 'could-not-check', reason: 'r' } })).toBe('AGENT_COULD_NOT_CHECK');
  expect(codeOf({ installation: { state: 'checking' } })).toBe('checking');
  expect(codeOf({ adapter: { state: 'missing', name: 'a', installCommand: 'npm i a' } })).toBe('AGENT_ADAPTER_MISSING');
});

test('a provider that cannot be derived names the choices', () => {
  const provider: ProviderState = { state: 'underivable', choices: ['a', 'b'] };
  expect(decide({ provider })).toMatchObject({ error: { code: 'PROVIDER_UNDERIVABLE', values: { choices: 'a, b' } } });
  expect(codeOf({ provider: { state: 'unsupported', providerId: 'x', supported: ['a'] } })).toBe(
    'AGENT_PROVIDER_UNSUPPORTED',
  );
});

test('without a sandbox nothing starts, unless the user turned it off', () => {
  const sandbox = { state: 'unavailable', reason: 'bwrap was not found' } as const;
  expect(decide({ sandbox })).toMatchObject({
    error: { code: 'SANDBOX_UNAVAILABLE', values: { agent: 'Codex', reason: 'bwrap was not found' } },
  });
  expect(codeOf({ sandbox, sandboxSetting: 'off' })).toBe('ready');
});
