import type { AgentView } from '../../shared/model/agent.ts';
import { type AgentCondition, agentCondition, CONDITION_TONES } from '../../shared/model/one-state.ts';
import { useLink, useT } from '../context/services.tsx';
import { credentialTrouble } from '../sign-in/ways.ts';
import type { Tone } from '../ui/status-dot.tsx';

interface AgentState {
  readonly tone: Tone;
  /** In words. */
  readonly label: string;
}

/** The key of the words for an agent's state, and its tone. */
export function agentStateKey(agent: AgentView): { readonly tone: Tone; readonly key: string } {
  const condition = agentCondition(agent);
  return { tone: CONDITION_TONES[condition], key: KEYS[condition] ?? `agent.state.${condition}` };
}

const KEYS: Readonly<Partial<Record<AgentCondition, string>>> = {
  'not-ready': 'agent.state.notReady',
};

/** Empty while the window hears nothing new: what it knew last may be over. */
export function useAgentState(agent: AgentView | undefined): AgentState {
  const t = useT();
  const link = useLink();
  if (agent === undefined || link.kind !== 'open') return { tone: 'idle', label: '' };
  const { tone, key } = agentStateKey(agent);
  return { tone, label: t(key) };
}

export function agentVersion(agent: AgentView): string | undefined {
  return agent.installation.state === 'found' ? agent.installation.version : undefined;
}

/** State and version on one line. */
export function agentSummary(agent: AgentView, state: AgentState): string {
  const version = agentVersion(agent);
  return [state.label, version].filter(Boolean).join(' · ');
}

/** Whom a pasted token would go to. */
export function credentialProvider(agent: AgentView): string | undefined {
  if (agent.readiness.state !== 'not-ready' || credentialTrouble(agent.readiness.error) === undefined) return undefined;
  const named = agent.readiness.error.values.providerId;
  return agent.effective.providerId ?? (typeof named === 'string' ? named : agent.providerIds[0]);
}
