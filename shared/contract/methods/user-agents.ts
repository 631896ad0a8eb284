import { z } from 'zod';
import { agentViewSchema } from '../../model/agent.ts';
import { agentDefinitionSchema } from '../../model/agent-definition.ts';
import { forgetListSchema } from '../../model/forget.ts';
import { agentIdSchema, directorySchema } from '../../model/ids.ts';
import { method } from './method.ts';

const agent = z.object({ agent: agentViewSchema });

/** Agents that the user makes. `projectDir`: where one is declared that cannot be changed here. */
export const userAgentsMethods = {
  /** @throws AGENT_ID_TAKEN, AGENT_BASE_UNKNOWN, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED, AGENT_VARIABLE_SECRET, VARIABLE_* */
  'userAgents.add': method(z.object({ definition: agentDefinitionSchema }), agent),
  /** As `add`, and AGENT_UNKNOWN, AGENT_BUILT_IN, DECLARED_READ_ONLY. */
  'userAgents.change': method(
    z.object({ definition: agentDefinitionSchema, projectDir: directorySchema.optional() }),
    agent,
  ),
  /**
   * With all that is kept for it; answers what went. @throws as `change`, SESSION_BUSY, KEYCHAIN_*
   */
  'userAgents.remove': method(
    z.object({ agentId: agentIdSchema, projectDir: directorySchema.optional() }),
    z.object({ list: forgetListSchema }),
  ),
} as const;
