import { z } from 'zod';
import { accountSchema, credentialStorageSchema, scopeSchema } from '../../model/credential.ts';
import { providerIdSchema } from '../../model/ids.ts';
import { loginViewSchema } from '../../model/login.ts';
import { method, nothing } from './method.ts';

/** Signing in at a provider instead of pasting a token. The token goes to the keychain; no method answers it. */
export const loginsMethods = {
  /** Answers when the provider's page is known. A sign-in at the same provider that still runs is cancelled. */
  'logins.start': method(
    z.object({
      providerId: providerIdSchema,
      scope: scopeSchema,
      account: accountSchema.optional(),
      storage: credentialStorageSchema,
    }),
    z.object({ login: loginViewSchema }),
  ),
  /** Ends one that runs; one that is over leaves the list. A token that is being stored is stored. */
  'logins.cancel': method(z.object({ loginId: z.uuid() }), nothing),
  'logins.list': method(nothing, z.object({ logins: z.array(loginViewSchema) })),
} as const;
