import { expect, test } from 'vitest';
import { AGENTS, agent, RUNNER_FAILURE } from '../dev/fixtures.ts';
import { agentStateKey, credentialProvider } from './agent-state.ts';
import { promptBlock, willWait } from './prompt-block.ts';

const OPEN = { kind: 'open' } as const;
const CONNECTED = { kind: 'connected', since: 0 } as const;
const READY = agent({ agentId: 'opencode', name: 'OpenCode' });
const SIGNED_OUT = AGENTS.find(({ agentId }) => agentId === 'codex');

test('nothing is in the way of a ready agent', () => {
  expect(promptBlock(OPEN, CONNECTED, READY)).toBeNull();
});

test('what the connection card says is not said again', () => {
  expect(promptBlock(OPEN, { kind: 'failed', crashLoop: false, failure: RUNNER_FAILURE }, READY)).toEqual({
    kind: 'said',
  });
});

test('what it does not say is a reason', () => {
  expect(promptBlock(OPEN, { kind: 'stopped' }, READY)).toEqual({ kind: 'reason', key: 'prompt.blocked.stopped' });
  expect(promptBlock(OPEN, CONNECTED, undefined)).toEqual({ kind: 'reason', key: 'prompt.blocked.noAgent' });
  const error = { code: 'SANDBOX_UNAVAILABLE', values: {} } as const;
  const unsafe = { ...READY, readiness: { state: 'not-ready', error } as const };
  expect(promptBlock(OPEN, CONNECTED, unsafe)).toEqual({ kind: 'error', error });
  expect(willWait(unsafe)).toBe(false);
});

test.each([CONNECTED, { kind: 'needs-sign-in', providerId: 'openai' } as const])(
  'a prompt without a credential is sent, and waits: %o',
  (connection) => {
    expect(promptBlock(OPEN, connection, SIGNED_OUT)).toBeNull();
    expect(willWait(SIGNED_OUT)).toBe(true);
    expect(willWait(READY)).toBe(false);
  },
);

test('each agent is in one state, in words', () => {
  const keys = Object.fromEntries(AGENTS.map((one) => [one.agentId, agentStateKey(one).key]));
  expect(keys).toEqual({
    demo: 'agent.state.ready',
    opencode: 'agent.state.ready',
    codex: 'agent.state.not-signed-in',
    'claude-code': 'agent.state.missing',
    gemini: 'agent.state.checking',
    goose: 'agent.state.could-not-check',
  });
});

test.each([
  ['MISSING_BYOK_CREDENTIAL', { canSignIn: true }, 'agent.state.not-signed-in'],
  ['MISSING_BYOK_CREDENTIAL', {}, 'agent.state.not-signed-in'],
  ['BYOK_CREDENTIAL_INVALID', { canSignIn: true }, 'agent.state.credential-refused'],
  ['CREDENTIAL_EXPIRED', {}, 'agent.state.credential-expired'],
  ['PROVIDER_UNDERIVABLE', {}, 'agent.state.choose-provider'],
  ['SANDBOX_UNAVAILABLE', {}, 'agent.state.notReady'],
] as const)('%s with %o is told as %s', (code, details, key) => {
  const error = { code, values: {}, details };
  expect(agentStateKey({ ...READY, readiness: { state: 'not-ready', error } }).key).toBe(key);
});

test('a token is asked for only where one is what is missing', () => {
  expect(AGENTS.map(credentialProvider)).toEqual([undefined, undefined, 'openai', undefined, undefined, undefined]);
});
