import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentCatalog } from './catalog.ts';
import type { Agent } from './schema.ts';

export type AgentLookup = ReturnType<typeof createAgentLookup>;

/** The agents that are there in a folder; without one, those that are there everywhere. */
export function createAgentLookup(catalog: AgentCatalog) {
  const all = (projectDir: string | undefined): readonly Agent[] =>
    projectDir === undefined ? catalog.everywhere() : catalog.in(projectDir);
  return {
    all,
    /** Undefined: there is no such agent. */
    find: (agentId: string, projectDir: string | undefined): Agent | undefined =>
      all(projectDir).find((one) => one.agentId === agentId),
    /** @throws PerchError AGENT_UNKNOWN */
    get(agentId: string, projectDir: string | undefined): Agent {
      const agents = all(projectDir);
      const agent = agents.find((one) => one.agentId === agentId);
      if (agent !== undefined) return agent;
      throw new PerchError('AGENT_UNKNOWN', { agentId, known: agents.map((one) => one.agentId).join(', ') });
    },
  };
}
