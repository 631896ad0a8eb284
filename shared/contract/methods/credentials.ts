import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import {
  accountSchema,
  credentialStorageSchema,
  credentialViewSchema,
  scopeSchema,
  variableNameSchema,
} from '../../model/credential.ts';
import { credentialEventSchema } from '../../model/credential-event.ts';
import { importCandidateSchema, importOutcomeSchema, importSourceSchema } from '../../model/credential-import.ts';
import { credentialIdSchema, epochMsSchema, providerIdSchema, sessionIdSchema } from '../../model/ids.ts';
import { keychainHealthSchema } from '../../model/keychain.ts';
import { livenessReportSchema } from '../../model/liveness.ts';
import { staleSessionSchema } from '../../model/stale-session.ts';
import { method, nothing } from './method.ts';

/** Credentials and the keychain they lie in. No method ever answers a value. */
export const credentialsMethods = {
  'credentials.list': method(nothing, z.object({ credentials: z.array(credentialViewSchema) })),
  /** Stores, or replaces what that scope, variable and account held. The value is never sent back. */
  'credentials.set': method(
    z.object({
      providerId: providerIdSchema,
      /** Absent: the provider's default variable. */
      variable: variableNameSchema.optional(),
      scope: scopeSchema,
      account: accountSchema.optional(),
      value: z.string(),
      storage: credentialStorageSchema,
      expiresAt: epochMsSchema.optional(),
    }),
    z.object({ credential: credentialViewSchema, replaced: z.boolean(), trimmed: z.boolean() }),
  ),
  /** `nowInEffect`: the wider credential that takes over, when there is one. */
  'credentials.remove': method(
    z.object({ credentialId: credentialIdSchema }),
    z.object({ removed: credentialViewSchema, nowInEffect: credentialViewSchema.optional() }),
  ),
  /**
   * Asks the provider whether the credential is alive; answers within some seconds. A value that the keychain does not
   * give up is an error, never a verdict. `fresh`: asks even when the last answer is less than a minute old.
   */
  'credentials.check': method(
    z.object({ credentialId: credentialIdSchema, fresh: z.boolean().optional() }),
    livenessReportSchema,
  ),
  /**
   * Has it renewed now by the server that issued it; answers within some seconds what stands there now. Fails for one
   * without a renewal, and when the server does not.
   */
  'credentials.renew': method(
    z.object({ credentialId: credentialIdSchema }),
    z.object({ credential: credentialViewSchema }),
  ),
  /** Running agents that still hold the old value of a changed credential. */
  'credentials.staleSessions': method(nothing, z.object({ sessions: z.array(staleSessionSchema) })),
  /** Ends them at once, the turns that run in them too; absent: every one. Idle ones end by themselves. */
  'credentials.restartSessions': method(
    z.object({ sessionIds: z.array(sessionIdSchema).optional() }),
    z.object({ restarted: z.array(sessionIdSchema) }),
  ),
  /** The events of credentials, newest first; `before` is the id of an event. An event never holds a value. */
  'credentials.trail': method(
    z.object({
      limit: z.number().int().min(1).max(500),
      before: z.number().int().positive().optional(),
      providerId: providerIdSchema.optional(),
    }),
    z.object({ events: z.array(credentialEventSchema) }),
  ),
  /**
   * The credentials found there, masked. The values stay in the core for five minutes; nothing is stored yet. `others`
   * counts variables of no provider that Perch knows; `account` is the name under which they would be stored; a part
   * that could not be read is a problem, not an error.
   */
  'credentials.importCandidates': method(
    z.object({ source: importSourceSchema, account: accountSchema.optional() }),
    z.object({
      candidates: z.array(importCandidateSchema),
      others: z.number().int().nonnegative(),
      problems: z.array(wireErrorSchema),
    }),
  ),
  /** Stores the chosen ones under one scope; each has an outcome of its own, in the order asked. */
  'credentials.import': method(
    z.object({
      candidateIds: z.array(z.uuid()).min(1).max(500),
      scope: scopeSchema,
      account: accountSchema.optional(),
      storage: credentialStorageSchema,
    }),
    z.object({ results: z.array(importOutcomeSchema) }),
  ),

  /**
   * Keychain items of installations whose data directory is gone or holds another one. For `unchecked` installations it
   * is open; `reason` is an error code.
   */
  'keychain.orphans': method(
    nothing,
    z.object({
      orphans: z.array(
        z.object({ installationId: z.string(), dataDir: z.string(), items: z.number().int().nonnegative() }),
      ),
      unchecked: z.array(z.object({ installationId: z.string(), dataDir: z.string(), reason: z.string() })),
    }),
  ),
  /** For good. One that is none, or none any more, is NOT_FOUND, and then nothing went. `items`: how many went. */
  'keychain.removeOrphans': method(
    z.object({ installationIds: z.array(z.string().min(1).max(100)).min(1).max(1000) }),
    z.object({ items: z.number().int().nonnegative() }),
  ),
  'keychain.check': method(nothing, z.object({ health: keychainHealthSchema })),
} as const;
