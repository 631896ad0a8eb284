import { z } from 'zod';
import { credentialViewSchema, scopeSchema } from '../../model/credential.ts';
import { variableStorageSchema, variableViewSchema } from '../../model/variable.ts';
import { method, nothing } from './method.ts';

/** The user's own variables for sessions, by scope. No method ever answers the value of a secret. */
export const variablesMethods = {
  'variables.list': method(nothing, z.object({ variables: z.array(variableViewSchema) })),
  /**
   * Stores, or replaces what that scope holds under the name. The credential variable of a provider becomes a
   * credential of it, and counts as one (R61); a plain one goes to the keychain all the same.
   */
  'variables.set': method(
    z.object({ name: z.string(), scope: scopeSchema, value: z.string(), storage: variableStorageSchema }),
    z.discriminatedUnion('storedAs', [
      z.object({ storedAs: z.literal('variable'), variable: variableViewSchema, replaced: z.boolean() }),
      z.object({ storedAs: z.literal('credential'), credential: credentialViewSchema, replaced: z.boolean() }),
    ]),
  ),
  /** `nowInEffect`: the global one that takes over, when there is one. */
  'variables.remove': method(
    z.object({ variableId: z.uuid() }),
    z.object({ removed: variableViewSchema, nowInEffect: variableViewSchema.optional() }),
  ),
} as const;
