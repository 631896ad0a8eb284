import { beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import { type BackgroundChecks, createBackgroundChecks } from './background-checks.ts';

const credential = (credentialId: string, storage: CredentialView['storage'] = 'keychain') =>
  ({ credentialId, storage }) as CredentialView;

let health: KeychainHealth;
let shown: { agentId: string | undefined; projectDir: string | undefined };
let asked: string[][];
let failure: unknown;
let failures: unknown[];
let checks: BackgroundChecks;

beforeEach(() => {
  health = { state: 'available', store: 'Secret Service' };
  shown = { agentId: 'codex', projectDir: '/p' };
  asked = [];
  failure = undefined;
  failures = [];
  checks = createBackgroundChecks({
    agents: {
      credentialsOf(agentId, projectDir) {
        if (agentId === 'nobody') throw new PerchError('AGENT_UNKNOWN', { agentId, known: '' });
        if (agentId === 'memory') return [credential('in memory', 'session-only')];
        return agentId === 'demo' ? [] : [credential(`${agentId} in ${projectDir}`)];
      },
    },
    credentials: { health: () => health },
    liveness: {
      async ensure(entries) {
        asked.push(entries.map(({ credentialId }) => credentialId));
        if (failure !== undefined) throw failure;
        return [];
      },
    },
    shown: () => shown,
    onFailure: (error) => failures.push(error),
  });
});

test('the agent that is shown is asked about where it would work, and so is what was stored', () => {
  checks.selected();
  checks.agents(['codex', 'gemini', 'demo']);
  checks.stored(credential('new'));
  expect(asked).toEqual([['codex in /p'], ['codex in undefined'], ['gemini in undefined'], ['new']]);
  shown = { agentId: undefined, projectDir: undefined };
  checks.selected();
  expect(asked).toHaveLength(4);
});

test.each<KeychainHealth>([{ state: 'unknown' }, { state: 'locked' }])(
  'a keychain that is not known to be open is not made to ask: $state',
  (state) => {
    health = state;
    checks.agents(['codex', 'memory']);
    expect(asked).toEqual([['in memory']]);
  },
);

test('what the list and the keychain tell themselves is no failure of its own; anything else is said', async () => {
  for (const code of ['CREDENTIAL_UNREADABLE', 'KEYCHAIN_LOCKED'] as const) {
    failure = new PerchError(code, {});
    checks.selected();
  }
  failure = new Error('a bug');
  checks.selected();
  shown = { agentId: 'nobody', projectDir: undefined };
  checks.selected();
  await new Promise((resolve) => setImmediate(resolve));
  failure = new Error('the database is closed');
  shown = { agentId: 'codex', projectDir: undefined };
  checks.selected();
  checks.stop();
  checks.stored(credential('late'));
  checks.agents(['nobody']);
  checks.selected();
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(4);
  expect(failures).toEqual([expect.objectContaining({ code: 'AGENT_UNKNOWN' }), new Error('a bug')]);
});
