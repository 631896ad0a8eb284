import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import { credentialViewSchema, scopeSchema } from '../../model/credential.ts';
import { variableCandidateSchema, variableStorageSchema, variableViewSchema } from '../../model/variable.ts';
import { method, nothing } from './method.ts';

/** A `.env` text of this many characters at most. */
const envTextSchema = z.string().max(1024 * 1024);

/** The user's own variables for sessions, by scope. No method ever answers the value of a secret. */
export const variablesMethods = {
  'variables.list': method(nothing, z.object({ variables: z.array(variableViewSchema) })),
  /**
   * Stores the variable, or replaces the one that the scope holds under the name. The credential variable of a provider
   * becomes a credential of it, and counts as one; a plain one goes to the keychain as well.
   */
  'variables.set': method(
    z.object({ name: z.string(), scope: scopeSchema, value: z.string(), storage: variableStorageSchema }),
    z.discriminatedUnion('storedAs', [
      z.object({ storedAs: z.literal('variable'), variable: variableViewSchema, replaced: z.boolean() }),
      z.object({ storedAs: z.literal('credential'), credential: credentialViewSchema, replaced: z.boolean() }),
    ]),
  ),
  /** The variables in the `.env` text, masked; nothing of it is kept. @throws VARIABLES_TEXT_NOT_UNDERSTOOD */
  'variables.readText': method(
    z.object({ text: envTextSchema }),
    z.object({ candidates: z.array(variableCandidateSchema) }),
  ),
  /** Stores the chosen ones of the same text, each as `variables.set` does; one that fails does not stop the others. */
  'variables.setFromText': method(
    z.object({
      text: envTextSchema,
      scope: scopeSchema,
      chosen: z.array(z.object({ name: z.string(), storage: variableStorageSchema })).max(400),
    }),
    z.object({
      results: z.array(
        z.discriminatedUnion('outcome', [
          z.object({ outcome: z.literal('stored'), name: z.string(), storedAs: z.enum(['variable', 'credential']) }),
          z.object({ outcome: z.literal('failed'), name: z.string(), error: wireErrorSchema }),
        ]),
      ),
    }),
  ),
  /** `takeOver`: those of wider scopes, narrowest first, that apply there now. @throws VARIABLE_NOT_FOUND */
  'variables.remove': method(
    z.object({ variableId: z.uuid() }),
    z.object({ removed: variableViewSchema, takeOver: z.array(variableViewSchema) }),
  ),
} as const;
