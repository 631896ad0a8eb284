import { z } from 'zod';
import { accountSchema, credentialPlaceSchema, scopeSchema, variableNameSchema } from './credential.ts';
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
  account: accountSchema.optional(),
  storage: credentialPlaceSchema,
  /** Dots and at most the last four characters. */
  masked: z.string(),
};

const turnFields = { agentId: agentIdSchema, sessionId: sessionIdSchema, turnId: turnIdSchema };

/** An event of a credential, without its value. */
export const credentialEventSchema = z.discriminatedUnion('kind', [
  /** `replaced`: the credential is the one that came; what it replaced had the same provider, variable and scope. */
  z.object({ kind: z.enum(['stored', 'replaced', 'deleted']), ...fields }),
  /** A server issued a new value for one that was about to expire. */
  z.object({ kind: z.literal('refreshed'), ...fields }),
  /** Given to an agent as it was started, for that turn. */
  z.object({ kind: z.literal('used'), ...fields, ...turnFields }),
  /** The provider refused it: in that turn, or, where none is named, when it was asked whether it is alive. */
  z.object({ kind: z.literal('rejected'), ...fields, ...z.object(turnFields).partial().shape }),
]);
export type CredentialEvent = z.infer<typeof credentialEventSchema>;
