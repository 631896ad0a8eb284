import { assertNever } from '../assert-never.ts';
import type { AgentView } from './agent.ts';
import type { ConnectionState } from './connection-state.ts';

/** The obstacle that keeps one agent from running, or that nothing does. */
export type AgentCondition =
  | 'ready'
  | 'checking'
  | 'missing'
  | 'could-not-check'
  | 'not-signed-in'
  | 'credential-refused'
  | 'credential-expired'
  | 'choose-provider'
  | 'cannot-start'
  | 'not-ready';

export type StateTone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

/** The one line that stands for link, runner and agent together; `key` is of `state.json`. */
export interface OneState {
  readonly kind:
    | AgentCondition
    | 'no-link'
    | 'no-agent'
    | 'starting'
    | 'reconnecting'
    | 'runner-failed'
    | 'runner-crash-loop'
    | 'runner-stopped';
  readonly tone: StateTone;
  readonly key: string;
  readonly values: { readonly agent: string };
}

/** True when a client hears the core. */
export type Link = 'open' | 'connecting' | 'lost';

const CONDITIONS: Readonly<Record<string, AgentCondition>> = {
  MISSING_BYOK_CREDENTIAL: 'not-signed-in',
  BYOK_CREDENTIAL_INVALID: 'credential-refused',
  AGENT_AUTHENTICATION_FAILED: 'credential-refused',
  CREDENTIAL_EXPIRED: 'credential-expired',
  PROVIDER_UNDERIVABLE: 'choose-provider',
};

export function agentCondition({
  installation,
  readiness,
  cannotStart,
}: Pick<AgentView, 'installation' | 'readiness' | 'cannotStart'>): AgentCondition {
  if (installation.state === 'missing' || installation.state === 'could-not-check') return installation.state;
  if (installation.state === 'checking' || readiness.state === 'checking') return 'checking';
  if (readiness.state === 'ready') return cannotStart === undefined ? 'ready' : 'cannot-start';
  return CONDITIONS[readiness.error.code] ?? 'not-ready';
}

export const CONDITION_TONES: Readonly<Record<AgentCondition, StateTone>> = {
  ready: 'good',
  checking: 'busy',
  missing: 'warn',
  'could-not-check': 'warn',
  'not-signed-in': 'warn',
  'credential-refused': 'warn',
  'credential-expired': 'warn',
  'choose-provider': 'warn',
  'cannot-start': 'warn',
  'not-ready': 'warn',
};

/**
 * The nearest trouble alone: without a link nothing else is known, without a runner no agent runs, and only a runner
 * that fails is worth a word.
 */
export function oneState(input: {
  link: Link;
  connection: ConnectionState;
  agent: Pick<AgentView, 'name' | 'installation' | 'readiness' | 'cannotStart'> | undefined;
}): OneState {
  const { link, connection, agent } = input;
  const state = (kind: OneState['kind'], tone: StateTone): OneState => ({
    kind,
    tone,
    key: agent === undefined ? `state.noAgent.${kind}` : `state.${kind}`,
    values: { agent: agent?.name ?? '' },
  });
  if (link !== 'open') return state('no-link', link === 'lost' ? 'bad' : 'busy');
  switch (connection.kind) {
    case 'starting':
      return state('starting', 'busy');
    case 'reconnecting':
      return state('reconnecting', 'busy');
    case 'failed':
      return state(connection.crashLoop ? 'runner-crash-loop' : 'runner-failed', 'bad');
    case 'stopped':
      return state('runner-stopped', 'bad');
    // The agent itself says it more exactly than a connection that needs a sign-in.
    case 'connected':
    case 'needs-sign-in': {
      if (agent === undefined) return state('no-agent', 'warn');
      const condition = agentCondition(agent);
      return state(condition, CONDITION_TONES[condition]);
    }
    default:
      return assertNever(connection);
  }
}
