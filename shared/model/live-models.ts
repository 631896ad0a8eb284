import { z } from 'zod';
import { epochMsSchema, modelSchema, providerIdSchema } from './ids.ts';
import { livenessReasonSchema } from './liveness.ts';

/** A model in a provider's own list. */
export const listedModelSchema = z.object({ id: modelSchema.min(1), name: z.string().max(256).optional() });
export type ListedModel = z.infer<typeof listedModelSchema>;

/** The models that the agent's provider lists itself, requested with the credential that a session would get. */
export const liveModelsSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('listed'),
    providerId: providerIdSchema,
    models: z.array(listedModelSchema),
    checkedAt: epochMsSchema,
  }),
  /** There is none to ask with, or it cannot be said which provider answers. */
  z.object({ state: z.literal('no-credential') }),
  /** The provider has no such list that is known here. */
  z.object({ state: z.literal('not-offered'), providerId: providerIdSchema }),
  z.object({
    state: z.literal('could-not-check'),
    providerId: providerIdSchema,
    reason: z.enum([...livenessReasonSchema.options, 'not-understood']),
    /** HTTP status of the answer, when there was one. */
    status: z.number().int().optional(),
    /** The system's code of a connection that failed. */
    cause: z.string().optional(),
    checkedAt: epochMsSchema,
  }),
]);
export type LiveModels = z.infer<typeof liveModelsSchema>;
