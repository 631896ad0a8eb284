import { z } from 'zod';
import { credentialViewSchema } from './credential.ts';
import { agentIdSchema, directorySchema, sessionIdSchema, turnIdSchema } from './ids.ts';

/**
 * Why the agent holds what it should no longer: another value stands there now; nothing does; a narrower credential
 * came before it; it expired; another account was chosen for the agent.
 */
const staleReasonSchema = z.enum(['replaced', 'deleted', 'hidden', 'expired', 'account-changed']);
export type StaleReason = z.infer<typeof staleReasonSchema>;

/** A running agent that still holds the old value of a changed credential. It is restarted as soon as it is idle. */
export const staleSessionSchema = z.object({
  sessionId: sessionIdSchema,
  agentId: agentIdSchema,
  projectDir: directorySchema,
  /** The turn that runs in it. */
  turnId: turnIdSchema.optional(),
  /** The credential as the session got it. Without an id and a provider it is one of the user's own variables. */
  credential: credentialViewSchema
    .pick({ credentialId: true, providerId: true, variable: true, scope: true, account: true, masked: true })
    .partial({ credentialId: true, providerId: true }),
  reason: staleReasonSchema,
});
export type StaleSession = z.infer<typeof staleSessionSchema>;
