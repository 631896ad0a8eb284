import type { AgentService } from '../../agents/agent-service.ts';
import type { AgentRegistry } from '../../agents/registry/registry-service.ts';
import type { UserAgents } from '../../agents/users/user-agent-service.ts';
import type { HandlersOf } from './namespace.ts';

export function agentRegistryHandlers(needs: {
  agents: Pick<AgentService, 'view'>;
  agentRegistry: AgentRegistry;
  userAgents: Pick<UserAgents, 'add'>;
}): HandlersOf<'agentRegistry'> {
  const { agents, agentRegistry, userAgents } = needs;
  return {
    'agentRegistry.list': async () => agentRegistry.list(),
    'agentRegistry.refresh': () => agentRegistry.refresh(),
    'agentRegistry.add': async ({ agentId, providerId }) => {
      userAgents.add(agentRegistry.definition(agentId, providerId));
      return { agent: agents.view(agentId) };
    },
  };
}
