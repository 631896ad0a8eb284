import { z } from 'zod';
import { agentViewSchema } from '../../model/agent.ts';
import { otherAgentSchema, registrySourceSchema } from '../../model/agent-registry.ts';
import { agentIdSchema, providerIdSchema } from '../../model/ids.ts';
import { method, nothing } from './method.ts';

const known = z.object({ source: registrySourceSchema.optional(), agents: z.array(otherAgentSchema) });

/** Agents of the ACP registry. Nothing needs it. */
export const agentRegistryMethods = {
  /** Without a source when none can be read. */
  'agentRegistry.list': method(nothing, known),
  /** Fetches it anew; after an error the former one counts. @throws AGENT_REGISTRY_NOT_REFRESHED */
  'agentRegistry.refresh': method(nothing, known),
  /**
   * Makes it an agent of the user's, to be installed like any other. `providerId`: the provider of its credential;
   * absent, it gets none. @throws NOT_FOUND, AGENT_NOT_INSTALLABLE, AGENT_ID_TAKEN, and the errors of `userAgents.add`
   */
  'agentRegistry.add': method(
    z.object({ agentId: agentIdSchema, providerId: providerIdSchema.optional() }),
    z.object({ agent: agentViewSchema }),
  ),
} as const;
