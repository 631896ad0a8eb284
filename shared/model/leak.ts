import { z } from 'zod';
import { variableNameSchema } from './credential.ts';
import { agentIdSchema, epochMsSchema, providerIdSchema, sessionIdSchema, turnIdSchema } from './ids.ts';

/** `output`: what the agent said, did and changed. `log`: what it wrote beside that. */
export const secretPlaceSchema = z.enum(['output', 'log']);
export type SecretPlace = z.infer<typeof secretPlaceSchema>;

/** A secret of a session that turned up where it does not belong. It was masked there; further copies are possible. */
export const leakSchema = z.object({
  variable: variableNameSchema,
  where: secretPlaceSchema,
  agentId: agentIdSchema,
  providerId: providerIdSchema.optional(),
  sessionId: sessionIdSchema,
  turnId: turnIdSchema.optional(),
  at: epochMsSchema,
});
export type Leak = z.infer<typeof leakSchema>;
