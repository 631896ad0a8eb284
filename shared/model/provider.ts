import { z } from 'zod';
import { variableNameSchema } from './credential.ts';
import { providerIdSchema } from './ids.ts';

/** The wire formats a provider may answer; each has its own base URL convention. */
export const dialectSchema = z.enum(['anthropic-messages', 'openai-responses', 'openai-chat', 'gemini']);
export type Dialect = z.infer<typeof dialectSchema>;

/** The public part of a provider: the registry's entry with the user's own endpoint applied. */
export const providerViewSchema = z.object({
  providerId: providerIdSchema,
  name: z.string(),
  /** Each entry is one complete alternative: all of its variables together. Empty when no credential is needed. */
  credentialAlternatives: z.array(z.array(variableNameSchema).min(1)),
  credentialRequired: z.boolean(),
  /** The variable that a pasted key is kept under unless another is named. */
  defaultVariable: variableNameSchema.optional(),
  /** The kind of each variable: `plain` ones are no secret. */
  variables: z
    .array(
      z.object({
        name: variableNameSchema,
        kind: z.enum(['api-key', 'oauth-token', 'bearer', 'plain']),
        /** The provider's terms are the sentence `policy.<this>`. */
        policy: z.string().optional(),
      }),
    )
    .optional(),
  /** How one signs in instead of pasting. */
  login: z
    .object({
      flow: z.enum(['browser', 'device']),
      variable: variableNameSchema,
      /** Says whether the user may name an OAuth client of their own, and whether there is one at all. */
      takesClientId: z.boolean(),
      hasClientId: z.boolean(),
      ownClientId: z.string().optional(),
      registerPage: z.url().optional(),
    })
    .optional(),
  keyPage: z.url().optional(),
  /** Where credit for a key is bought. */
  billingPage: z.url().optional(),
  /** For the paste field: which shapes belong to this provider. A hint, never a bar. Regular expression sources. */
  keyShapes: z.array(
    z.object({
      pattern: z.string(),
      kind: z.enum(['api-key', 'oauth-token', 'bearer']),
      /** The literal start: by it a cut token is still recognised. */
      prefix: z.string().optional(),
      minLength: z.number().int().optional(),
    }),
  ),
  baseUrl: z.url().optional(),
  baseUrlSource: z.enum(['registry', 'user']),
  models: z.array(z.string()),
});
export type ProviderView = z.infer<typeof providerViewSchema>;
