import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import { authModeSchema } from '../../model/auth.ts';
import { environmentPlanViewSchema } from '../../model/environment-plan.ts';
import { agentIdSchema, directorySchema, modelSchema, providerIdSchema } from '../../model/ids.ts';
import { noticeSchema } from '../../model/notice.ts';
import { sandboxNetworkSchema } from '../../model/sandbox-policy.ts';
import { method } from './method.ts';

/** The environment of a session. */
export const environmentMethods = {
  /** The environment that a session started now would get, secrets masked. Never starts anything. */
  'environment.plan': method(
    z.object({ agentId: agentIdSchema, projectDir: directorySchema.optional(), model: modelSchema.optional() }),
    z.object({
      plan: environmentPlanViewSchema,
      providerId: providerIdSchema.optional(),
      mode: authModeSchema,
      model: modelSchema,
      /** The isolation of the session, by the policy that it would be started with. */
      fence: z.object({
        workingDirectory: z.string(),
        sandbox: z.discriminatedUnion('state', [
          z.object({ state: z.literal('on'), backend: z.string() }),
          z.object({ state: z.literal('off') }),
          z.object({ state: z.literal('checking') }),
          z.object({ state: z.literal('unavailable'), reason: z.string() }),
        ]),
        network: sandboxNetworkSchema,
      }),
      /** The other sources that could have answered for the session, and which one does. */
      conflicts: z.array(noticeSchema).optional(),
      /** Why a session would be refused now, when it would. */
      refusal: wireErrorSchema.optional(),
    }),
  ),
} as const;
