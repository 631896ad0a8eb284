import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { agentIdSchema, credentialIdSchema, directorySchema, epochMsSchema, providerIdSchema } from './ids.ts';

/** The reach of a credential or a variable. The most specific one wins: agent, then project, then global. */
export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('global') }),
  z.object({ kind: z.literal('project'), projectDir: directorySchema }),
  z.object({ kind: z.literal('agent'), agentId: agentIdSchema }),
]);
export type Scope = z.infer<typeof scopeSchema>;

export const variableNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .max(128);

/** Where a secret is kept: the OS keychain, or this process's memory until it ends. */
export const credentialStorageSchema = z.enum(['keychain', 'session-only']);
export type CredentialStorage = z.infer<typeof credentialStorageSchema>;

/** `declared`: nowhere; a project's file says where it is fetched from when a session starts. */
export const credentialPlaceSchema = z.enum([...credentialStorageSchema.options, 'declared']);

/**
 * Tells several credentials for the same variable and scope apart: `work`, `private`. The one without a name is no
 * account of its own, but the one that applies without a choice.
 */
export const accountSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@+-]*$/u);

/** `failed`: the last try. Without `nextTryAt` there is none any more: only a new sign-in helps. */
const credentialRenewalSchema = z.object({
  state: z.enum(['ok', 'failed']),
  error: wireErrorSchema.optional(),
  nextTryAt: epochMsSchema.optional(),
});
export type CredentialRenewal = z.infer<typeof credentialRenewalSchema>;

/** The public part of a credential. The value cannot be read back. */
export const credentialViewSchema = z.object({
  credentialId: credentialIdSchema,
  providerId: providerIdSchema,
  variable: variableNameSchema,
  scope: scopeSchema,
  /** Absent: the one without a name. */
  account: accountSchema.optional(),
  storage: credentialPlaceSchema,
  /** Dots and at most the last four characters; only dots when the value is short. */
  masked: z.string(),
  createdAt: epochMsSchema,
  updatedAt: epochMsSchema,
  /** Absent when no end is known. */
  expiresAt: epochMsSchema.optional(),
  /** Present: it is renewed before its end. */
  renewal: credentialRenewalSchema.optional(),
  /**
   * `unreadable`: the entry is known, but its value could not be read from the keychain. `expired`: its end has
   * passed, whatever else is known of it.
   */
  status: z.enum(['ok', 'unreadable', 'not-checked', 'expired']),
});
export type CredentialView = z.infer<typeof credentialViewSchema>;
