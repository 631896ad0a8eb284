import { z } from 'zod';
import { agentSettingsSchema, agentViewSchema } from '../../model/agent.ts';
import { accountSchema } from '../../model/credential.ts';
import { agentIdSchema, directorySchema, providerIdSchema } from '../../model/ids.ts';
import { method, nothing } from './method.ts';

/** Agents and their settings. */
export const agentsMethods = {
  'agents.list': method(
    z.object({ projectDir: directorySchema.optional() }),
    z.object({ agents: z.array(agentViewSchema) }),
  ),
  /** Looks for the agents again, the project's own included; answers when the look is over. */
  'agents.refresh': method(
    z.object({ projectDir: directorySchema.optional() }),
    z.object({ agents: z.array(agentViewSchema) }),
  ),
  'agents.select': method(z.object({ agentId: agentIdSchema }), nothing),
  /** Absent keys stay as they are; a null provider or account goes back to the derived one. */
  'agents.configure': method(
    z.object({
      agentId: agentIdSchema,
      settings: agentSettingsSchema
        .omit({ providerId: true, accounts: true })
        .partial()
        .extend({
          providerId: providerIdSchema.nullable().optional(),
          accounts: z.record(providerIdSchema, accountSchema.nullable()).optional(),
        }),
    }),
    z.object({ agent: agentViewSchema }),
  ),
} as const;
