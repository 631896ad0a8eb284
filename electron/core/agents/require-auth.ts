import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentAuthPatch } from '../../../shared/model/auth.ts';
import { modesOf } from './modes.ts';
import type { AgentProviders } from './ports.ts';
import type { Agent } from './schema.ts';

/**
 * Checks the mode before anything else. @throws PerchError MODE_UNSUPPORTED, PROVIDER_UNKNOWN,
 * AGENT_PROVIDER_UNSUPPORTED
 */
export function requireAuth(agent: Agent, auth: AgentAuthPatch, registry: Pick<AgentProviders, 'get'>): void {
  const modes = modesOf(agent);
  if (!modes.includes(auth.mode)) {
    const values = { agent: agent.name, agentId: agent.agentId, mode: auth.mode };
    throw new PerchError('MODE_UNSUPPORTED', { ...values, supported: modes.join(', ') });
  }
  const providerId = auth.mode === 'managed' ? auth.gateway.providerId : auth.providerId;
  if (typeof providerId === 'string') requireProvider(agent, registry.get(providerId).providerId);
}

function requireProvider(agent: Agent, providerId: string): void {
  const supported = agent.providers.map((provider) => provider.providerId);
  if (supported.includes(providerId)) return;
  const values = { agent: agent.name, agentId: agent.agentId, provider: providerId, providerId };
  throw new PerchError('AGENT_PROVIDER_UNSUPPORTED', { ...values, supported: supported.join(', ') });
}
