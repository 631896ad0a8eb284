import { z } from 'zod';
import { credentialIdSchema, epochMsSchema } from './ids.ts';

/**
 * The meaning of a provider's answer for a credential. `limited` and `no-credit` are alive; `unknown` was asked and
 * got no answer of use; `dead` is refused, or can never be sent; `could-not-check` was not asked, or cannot be told
 * by asking.
 */
const livenessVerdictSchema = z.enum(['alive', 'limited', 'no-credit', 'dead', 'unknown', 'could-not-check']);
export type LivenessVerdict = z.infer<typeof livenessVerdictSchema>;

/** Why. A reason's sentence is the locale key `liveness.reason.<reason>`, with `provider`, `status` and `cause`. */
export const livenessReasonSchema = z.enum([
  'accepted',
  'answered',
  'permissions',
  'rate',
  'credit',
  'refused',
  'unreachable',
  'timeout',
  'trouble',
  'redirect',
  'no-request',
  'own-endpoint',
  'kind',
  'plain',
  'incomplete',
  'not-sendable',
]);
export type LivenessReason = z.infer<typeof livenessReasonSchema>;

export const livenessReportSchema = z.object({
  credentialId: credentialIdSchema,
  verdict: livenessVerdictSchema,
  reason: livenessReasonSchema,
  /** HTTP status of the provider's answer, when there was one. */
  status: z.number().int().optional(),
  /** The system's code of a connection that failed, such as ECONNREFUSED. */
  cause: z.string().optional(),
  /** When the provider was asked: up to a minute ago unless a fresh check was wanted. */
  checkedAt: epochMsSchema,
});
export type LivenessReport = z.infer<typeof livenessReportSchema>;
