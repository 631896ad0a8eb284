import type { AgentView } from '../../shared/model/agent.ts';
import { useT } from '../app/services.tsx';
import type { Tone } from '../ui/status-dot.tsx';

export interface AgentState {
  readonly tone: Tone;
  /** In words. */
  readonly label: string;
}

const CREDENTIAL_CODES: ReadonlySet<string> = new Set([
  'MISSING_BYOK_CREDENTIAL',
  'BYOK_CREDENTIAL_INVALID',
  'CREDENTIAL_EXPIRED',
  'CREDENTIAL_UNREADABLE',
  'AGENT_AUTHENTICATION_FAILED',
]);

export function isAboutCredential(code: string): boolean {
  return CREDENTIAL_CODES.has(code);
}

/** The key of the words for an agent's state, and its tone. */
export function agentStateKey(agent: AgentView): { readonly tone: Tone; readonly key: string } {
  const { installation, readiness } = agent;
  if (installation.state === 'missing') return { tone: 'idle', key: 'agent.state.missing' };
  if (installation.state === 'could-not-check') return { tone: 'warn', key: 'agent.state.could-not-check' };
  if (installation.state === 'checking' || readiness.state === 'checking')
    return { tone: 'busy', key: 'agent.state.checking' };
  if (readiness.state === 'ready') return { tone: 'good', key: 'agent.state.ready' };
  const credential = isAboutCredential(readiness.error.code);
  return { tone: 'warn', key: credential ? 'agent.state.signedOut' : 'agent.state.notReady' };
}

export function useAgentState(agent: AgentView | undefined): AgentState {
  const t = useT();
  if (agent === undefined) return { tone: 'idle', label: '' };
  const { tone, key } = agentStateKey(agent);
  return { tone, label: t(key) };
}

export function agentVersion(agent: AgentView): string | undefined {
  return agent.installation.state === 'found' ? agent.installation.version : undefined;
}

/** State and version on one line. */
export function agentSummary(agent: AgentView, state: AgentState): string {
  const version = agentVersion(agent);
  return version === undefined ? state.label : `${state.label} · ${version}`;
}

/** Whom a pasted token would go to. */
export function credentialProvider(agent: AgentView): string | undefined {
  if (agent.readiness.state !== 'not-ready' || !isAboutCredential(agent.readiness.error.code)) return undefined;
  const named = agent.readiness.error.values.providerId;
  return agent.effective.providerId ?? (typeof named === 'string' ? named : agent.providerIds[0]);
}
