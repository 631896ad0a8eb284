import { expect, test } from 'vitest';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import { decideConnection } from './decide-connection.ts';
import type { RunnerStatus } from './status.ts';

const failure: Failure = { error: { code: 'RUNNER_CRASHED', values: {} }, lastLines: [] };
const connected: RunnerStatus = { kind: 'connected', since: 5, generation: 2, pid: 77 };
const missing: WireError = { code: 'MISSING_BYOK_CREDENTIAL', values: { providerId: 'openai', agent: 'Codex' } };

function agent(
  readiness: AgentView['readiness'],
  effective: AgentView['effective'] = { mode: 'byo', model: '' },
): AgentView {
  return {
    agentId: 'codex',
    name: 'Codex',
    description: '',
    demo: false,
    network: 'proxy',
    installation: { state: 'checking' },
    readiness,
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    providerIds: ['openai'],
    modes: ['byo'],
    permissionModes: ['plan', 'ask', 'execute'],
    takesInstructions: true,
    effective,
  };
}
const notReady = (error: WireError) => agent({ state: 'not-ready', error });

test.each<[string, RunnerStatus, AgentView | undefined, unknown]>([
  ['connected, no agent', connected, undefined, { kind: 'connected', since: 5 }],
  ['connected, ready', connected, agent({ state: 'ready' }), { kind: 'connected', since: 5 }],
  ['connected, still checking', connected, agent({ state: 'checking' }), { kind: 'connected', since: 5 }],
  ['connected, no credential', connected, notReady(missing), { kind: 'needs-sign-in', providerId: 'openai' }],
  [
    'connected, a credential that its provider refuses',
    connected,
    notReady({ code: 'BYOK_CREDENTIAL_INVALID', values: { providerId: 'openai' } }),
    { kind: 'needs-sign-in', providerId: 'openai' },
  ],
  [
    'connected, no credential, named by the agent only',
    connected,
    agent(
      { state: 'not-ready', error: { code: 'MISSING_BYOK_CREDENTIAL', values: {} } },
      { mode: 'byo', providerId: 'openai', model: '' },
    ),
    { kind: 'needs-sign-in', providerId: 'openai' },
  ],
  [
    'connected, not installed: that is the agent card’s to say',
    connected,
    notReady({ code: 'AGENT_NOT_INSTALLED', values: {} }),
    { kind: 'connected', since: 5 },
  ],
  ['starting, no credential', { kind: 'starting' }, notReady(missing), { kind: 'starting' }],
  ['stopped, no credential', { kind: 'stopped' }, notReady(missing), { kind: 'stopped' }],
  [
    'reconnecting, no credential',
    { kind: 'reconnecting', attempt: 2, nextTryAt: 9, failure },
    notReady(missing),
    { kind: 'reconnecting', attempt: 2, nextTryAt: 9, failure },
  ],
  [
    'failed, no credential',
    { kind: 'failed', failure, crashLoop: true },
    notReady(missing),
    { kind: 'failed', failure, crashLoop: true },
  ],
])('%s', (_, runner, selected, expected) => {
  expect(decideConnection(runner, selected)).toEqual(expected);
});
