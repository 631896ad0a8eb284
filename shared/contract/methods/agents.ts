import { z } from 'zod';
import { agentSettingsSchema, agentViewSchema } from '../../model/agent.ts';
import { agentAuthPatchSchema } from '../../model/auth.ts';
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
  /**
   * Absent keys stay as they are; a null account or program goes back to the derived one. Another mode clears what the one before
   * had: `cleared` names the ids of models that went.
   */
  'agents.configure': method(
    z.object({
      agentId: agentIdSchema,
      settings: agentSettingsSchema
        .omit({ auth: true, accounts: true, program: true })
        .partial()
        .extend({
          auth: agentAuthPatchSchema.optional(),
          program: agentSettingsSchema.shape.program.unwrap().nullable().optional(),
          accounts: z.record(providerIdSchema, accountSchema.nullable()).optional(),
        }),
    }),
    z.object({ agent: agentViewSchema, cleared: z.array(z.string()).optional() }),
  ),
} as const;
