import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { accountSchema, credentialStorageSchema, scopeSchema, variableNameSchema } from './credential.ts';
import { credentialIdSchema, epochMsSchema, providerIdSchema } from './ids.ts';

/** How far a sign-in at a provider is. None of it is a secret: the user code is worth nothing without the device code. */
const loginPhaseSchema = z.discriminatedUnion('state', [
  /** The provider's page is to be opened; it leads back to this machine. */
  z.object({ state: z.literal('waiting-for-browser'), url: z.url(), expiresAt: epochMsSchema }),
  /** The code is to be typed on the provider's page. */
  z.object({ state: z.literal('user-code'), code: z.string(), url: z.url(), expiresAt: epochMsSchema }),
  /** The provider agreed: the token is fetched and stored. */
  z.object({ state: z.literal('exchanging') }),
  z.object({ state: z.literal('done'), credentialId: credentialIdSchema }),
  z.object({ state: z.literal('failed'), error: wireErrorSchema }),
  z.object({ state: z.literal('cancelled') }),
]);
export type LoginPhase = z.infer<typeof loginPhaseSchema>;

/** A sign-in at a provider, running or over. One for each provider. */
export const loginViewSchema = z.object({
  loginId: z.uuid(),
  providerId: providerIdSchema,
  variable: variableNameSchema,
  scope: scopeSchema,
  account: accountSchema.optional(),
  storage: credentialStorageSchema,
  phase: loginPhaseSchema,
});
export type LoginView = z.infer<typeof loginViewSchema>;
