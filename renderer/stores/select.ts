import type { AppState } from '../../shared/contract/state.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import type { SandboxNetwork } from '../../shared/model/sandbox-policy.ts';

type Agents = Pick<AppState, 'agents'>;

export function findAgent(app: Agents, agentId: string): AgentView | undefined {
  return app.agents.find((agent) => agent.agentId === agentId);
}

export function selectedAgent(app: Agents & Pick<AppState, 'settings'>): AgentView | undefined {
  return findAgent(app, app.settings.selectedAgentId);
}

/** The id when the name is not known: an old run of an agent that is gone. */
export function agentName(app: Agents, agentId: string): string {
  return findAgent(app, agentId)?.name ?? agentId;
}

export function providerName(app: Pick<AppState, 'providers'>, providerId: string): string {
  return app.providers.find((provider) => provider.providerId === providerId)?.name ?? providerId;
}

/** Where credit at a provider is bought; undefined where that is not known. */
export function billingPageOf(app: Pick<AppState, 'providers'>, providerId: string): string | undefined {
  return app.providers.find((provider) => provider.providerId === providerId)?.billingPage;
}

/** The folder of the next turn. */
export function workingDirectory(app: Pick<AppState, 'settings' | 'host'>): string {
  return app.settings.projectDir ?? app.host.scratchDir;
}

/** The known turns of one conversation, oldest first; `fetched` are older than those in the state. */
export function turnsOfSession(
  sessionId: string,
  fetched: readonly TurnSummary[],
  live: readonly TurnSummary[],
): TurnSummary[] {
  const byId = new Map<string, TurnSummary>();
  for (const turn of [...fetched, ...live]) if (turn.sessionId === sessionId) byId.set(turn.turnId, turn);
  return [...byId.values()].sort((a, b) => a.acceptedAt - b.acceptedAt);
}

export type Protection =
  | { readonly kind: 'off' }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'checking' }
  | { readonly kind: 'on'; readonly backend: string; readonly network: SandboxNetwork['kind'] };

/** How the next session of this agent is fenced in, by the policy that the core would start it with. */
export function protectionOf(agent: AgentView, app: Pick<AppState, 'host'>): Protection {
  if (agent.settings.sandbox === 'off') return { kind: 'off' };
  const { sandbox } = app.host;
  if (sandbox.state !== 'available')
    return sandbox.state === 'checking' ? { kind: 'checking' } : { kind: 'unavailable', reason: sandbox.reason };
  return { kind: 'on', backend: sandbox.backend, network: agent.network };
}
