import { z } from 'zod';
import { credentialStorageSchema, scopeSchema, variableNameSchema } from './credential.ts';
import {
  agentIdSchema,
  credentialIdSchema,
  epochMsSchema,
  providerIdSchema,
  sessionIdSchema,
  turnIdSchema,
} from './ids.ts';

/** The credential as it was then; it may be gone by now. */
const fields = {
  /** Later events have higher ids, and no id is given twice. */
  eventId: z.number().int().positive(),
  at: epochMsSchema,
  credentialId: credentialIdSchema,
  providerId: providerIdSchema,
  variable: variableNameSchema,
  scope: scopeSchema,
  storage: credentialStorageSchema,
  /** Dots and at most the last four characters. */
  masked: z.string(),
};

/** What happened to a credential, never its value (R14). */
export const credentialEventSchema = z.discriminatedUnion('kind', [
  /** `replaced`: the credential is the one that came; what it replaced had the same provider, variable and scope. */
  z.object({ kind: z.enum(['stored', 'replaced', 'deleted']), ...fields }),
  /** `used`: given to an agent as it was started. `rejected`: the provider refused it in that turn. */
  z.object({
    kind: z.enum(['used', 'rejected']),
    ...fields,
    agentId: agentIdSchema,
    sessionId: sessionIdSchema,
    /** The turn that the agent was started for, or in which it was refused. */
    turnId: turnIdSchema,
  }),
]);
export type CredentialEvent = z.infer<typeof credentialEventSchema>;
export type CredentialEventKind = CredentialEvent['kind'];
