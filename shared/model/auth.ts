import { z } from 'zod';
import { modelSchema, providerIdSchema } from './ids.ts';

/** `byo`: a session gets the user's own credential. `managed`: no more than a virtual key for Perch's own gateway. */
export const AUTH_MODES = ['byo', 'managed'] as const;
export const authModeSchema = z.enum(AUTH_MODES);
export type AuthMode = z.infer<typeof authModeSchema>;

/** The provider behind Perch's own gateway, which holds its credential outside of the sandbox. */
const gatewaySchema = z.strictObject({ providerId: providerIdSchema });

const MAX_ALLOWED = 100;
const namedModelSchema = modelSchema.min(1);
const allowedModelsSchema = z
  .tuple([namedModelSchema], namedModelSchema)
  .refine((models) => models.length <= MAX_ALLOWED, `more than ${MAX_ALLOWED}`);

/** A field of the other mode, which neither parses nor compiles here, left over or not. */
const none = z.never().optional();

const byoSchema = z.strictObject({
  mode: z.literal('byo'),
  /** Empty: the agent's own default. */
  model: modelSchema,
  /** Set when the user chose one; otherwise it is derived. */
  providerId: providerIdSchema.optional(),
  gateway: none,
  allowedModels: none,
});
const managedSchema = z.strictObject({
  mode: z.literal('managed'),
  gateway: gatewaySchema,
  /** The first is what a turn gets that asks for none. */
  allowedModels: allowedModelsSchema,
  model: none,
  providerId: none,
});

/** The ways in which an agent gets at its models. */
export const agentAuthSchema = z.discriminatedUnion('mode', [byoSchema, managedSchema]);
export type AgentAuth = z.infer<typeof agentAuthSchema>;

/**
 * A change of it. What is absent of `byo` stays as it is, unless the mode was another; a null provider goes back to the
 * derived one. `managed` is given whole.
 */
export const agentAuthPatchSchema = z.discriminatedUnion('mode', [
  byoSchema.extend({ model: modelSchema.optional(), providerId: providerIdSchema.nullable().optional() }),
  managedSchema,
]);
export type AgentAuthPatch = z.infer<typeof agentAuthPatchSchema>;

/** The auth of one session: settled, with the model that it gets. */
export const sessionAuthSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('byo'), model: modelSchema, gateway: none, allowedModels: none }),
  managedSchema
    .omit({ providerId: true })
    .extend({ model: namedModelSchema })
    .refine(({ model, allowedModels }) => allowedModels.includes(model), 'the model is not among the allowed ones'),
]);
export type SessionAuth = z.infer<typeof sessionAuthSchema>;

/** The ids of models that the user chose. */
export function modelsOf(auth: AgentAuth): readonly string[] {
  if (auth.mode === 'managed') return auth.allowedModels;
  return auth.model === '' ? [] : [auth.model];
}
