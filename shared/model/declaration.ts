import { z } from 'zod';
import { agentDefinitionSchema } from './agent-definition.ts';
import { variableNameSchema } from './credential.ts';
import { agentIdSchema, directorySchema, modelSchema, providerIdSchema } from './ids.ts';

/** The file in a working directory that declares agents and what belongs to them. */
export const DECLARATION_FILE = 'perch.toml';

/** Something in the file that is not understood, or not allowed. Both numbers count from 1. */
export const declarationProblemSchema = z.object({
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  /** The sentence is the locale key `reason.declared-<reason>`. No value of the file is in `values`. */
  reason: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type DeclarationProblem = z.infer<typeof declarationProblemSchema>;

/** Where the sessions of this folder would send a provider's requests, and the credential with them. */
const declaredEndpointSchema = z.object({
  providerId: providerIdSchema,
  baseUrl: z.url(),
  origin: z.string(),
  /** The user confirmed this very origin: without, no session there gets a stored credential. */
  confirmed: z.boolean(),
});
export type DeclaredEndpoint = z.infer<typeof declaredEndpointSchema>;

/** Everything that the file says, for the user to judge. It holds no secret: the file with one is not understood. */
const declarationContentSchema = z.object({
  agents: z.array(agentDefinitionSchema),
  /** Models of agents that the file does not declare, by agent. */
  models: z.array(z.object({ agentId: agentIdSchema, model: modelSchema })),
  endpoints: z.array(declaredEndpointSchema),
  variables: z.array(z.object({ name: variableNameSchema, value: z.string() })),
  /** Where a secret is fetched from when a session starts: `op://…`, `pass:…`, `env:…`, `keychain:…`. */
  secrets: z.array(z.object({ name: variableNameSchema, reference: z.string() })),
});
export type DeclarationContent = z.infer<typeof declarationContentSchema>;

/**
 * The view of a folder's file. `untrusted`: the user was not asked yet. `changed`: the folder is trusted, but the file
 * runs a program or fetches a secret that it did not when the user was asked. `invalid`: nothing of it is in effect, an
 * earlier version neither.
 */
export const declarationViewSchema = z.object({
  projectDir: directorySchema,
  file: z.string(),
  state: z.enum(['untrusted', 'changed', 'distrusted', 'invalid', 'in-effect']),
  /** A stamp of the file as it was read: trust is given to the content that was shown. */
  stamp: z.string(),
  problems: z.array(declarationProblemSchema),
  /** Absent when the file is not understood. */
  content: declarationContentSchema.optional(),
  /** For `changed`: the new entries, as a person can read them. */
  news: z.array(z.string()),
});
export type DeclarationView = z.infer<typeof declarationViewSchema>;
