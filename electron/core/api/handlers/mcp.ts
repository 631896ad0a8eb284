import type { AgentService } from '../../agents/agent-service.ts';
import type { McpService } from '../../launch/mcp/mcp-service.ts';
import type { HandlersOf } from './namespace.ts';

export function mcpHandlers({
  mcp,
  agents,
}: {
  mcp: McpService;
  agents: Pick<AgentService, 'view'>;
}): HandlersOf<'mcp'> {
  return {
    'mcp.list': async () => ({ servers: mcp.list() }),
    'mcp.set': async (params) => {
      // An agent that does not exist has no servers.
      if (params.scope.kind === 'agent') agents.view(params.scope.agentId);
      return { server: await mcp.set(params) };
    },
    'mcp.offered': (params) => mcp.offered(params),
    'mcp.enable': async (params) => ({ server: mcp.enable(params) }),
    'mcp.remove': async (params) => ({ removed: mcp.remove(params) }),
  };
}
