import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { credentialStorageSchema, scopeSchema, variableNameSchema } from './credential.ts';
import { findingSchema } from './credential-import.ts';
import { epochMsSchema, providerIdSchema } from './ids.ts';

/** The largest number of variables in a scope. */
export const MAX_VARIABLES_OF_SCOPE = 200;
/** Bytes in UTF-8 above which a value is refused. */
export const MAX_VARIABLE_BYTES = 64 * 1024;

/** The database keeps plain values; those of secrets are in the keychain, or in memory until Perch ends. */
export const variableStorageSchema = z.enum(['plain', ...credentialStorageSchema.options]);
export type VariableStorage = z.infer<typeof variableStorageSchema>;

/** The public part of a variable. A secret's value cannot be read back. */
export const variableViewSchema = z.object({
  /** Another one whenever the value was replaced. */
  variableId: z.uuid(),
  name: variableNameSchema,
  scope: scopeSchema,
  storage: variableStorageSchema,
  /** The value of a plain one, the mask of a secret. */
  shown: z.string(),
  createdAt: epochMsSchema,
  updatedAt: epochMsSchema,
});
export type VariableView = z.infer<typeof variableViewSchema>;

/** An assignment of a pasted `.env` text, its value masked. */
export const variableCandidateSchema = z.object({
  /** The name as it stands in the text: not always one that a variable can have. */
  name: z.string(),
  masked: z.string(),
  /** The provider whose credential it would become. */
  providerId: providerIdSchema.optional(),
  /** The findings of it as a secret. */
  findings: z.array(findingSchema).optional(),
  /** Why it cannot be stored. */
  problem: wireErrorSchema.optional(),
});
export type VariableCandidate = z.infer<typeof variableCandidateSchema>;
