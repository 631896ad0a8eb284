import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentDefinition } from '../../../shared/model/agent-definition.ts';
import { agentFromDefinition, type DefinitionContext } from './added-agent.ts';
import type { Agent } from './schema.ts';

/** The agents that exist: Perch's own, the user's, and in a folder those that it declares. */
export interface AgentCatalog {
  /** The agents that exist in every working directory. */
  everywhere(): readonly Agent[];
  /** The catalog with the agents that a folder declares at this moment. */
  in(projectDir: string): readonly Agent[];
}

/** The agent that is named first keeps the id. */
export function createAgentCatalog({
  context,
  users,
  problemOf = () => undefined,
  declaredIn,
}: {
  context: DefinitionContext;
  users: () => readonly AgentDefinition[];
  /** Why an agent of the user's cannot start. Absent: nothing is known to be in the way of any. */
  problemOf?: (agentId: string) => WireError | undefined;
  declaredIn: (projectDir: string) => { readonly file: string; readonly agents: readonly AgentDefinition[] };
}): AgentCatalog {
  const everywhere = (): Agent[] => [
    ...context.builtIns,
    ...users().flatMap((definition) => {
      const added = { origin: { kind: 'user', definition } as const, cannotStart: problemOf(definition.agentId) };
      return agentFromDefinition(definition, added, context) ?? [];
    }),
  ];
  return {
    everywhere,
    in(projectDir) {
      const { file, agents } = declaredIn(projectDir);
      const present = everywhere();
      if (agents.length === 0) return present;
      const taken = new Set(present.map(({ agentId }) => agentId));
      const directory = realpathSync.native(resolve(projectDir));
      const declared = agents
        .filter(({ agentId }) => !taken.has(agentId))
        .flatMap((definition) => {
          const added = { origin: { kind: 'declared', file, definition } as const, projectDir: directory };
          return agentFromDefinition(definition, added, context) ?? [];
        });
      return [...present, ...declared];
    },
  };
}
