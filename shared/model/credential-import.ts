import { z } from 'zod';
import { FINDING_KEYS, FINDING_LEVELS } from '../credentials/finding.ts';
import { wireErrorSchema } from '../errors/schema.ts';
import { credentialViewSchema, scopeSchema, variableNameSchema } from './credential.ts';
import { agentIdSchema, providerIdSchema } from './ids.ts';

/** The places where the user's credentials may already be. `path`: a `.env` file; `~/` is the user's home. */
export const importSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(4096) }),
  z.object({ kind: z.literal('shell') }),
  z.object({ kind: z.literal('agents') }),
]);
export type ImportSource = z.infer<typeof importSourceSchema>;

/**
 * Why a found value cannot be taken over. `login`: an agent's own sign-in, which is bound to that agent and renewed by
 * it. `reference`: only the name of another variable or of a secret kept elsewhere.
 */
const importObstacleSchema = z.enum(['empty', 'reference', 'login']);
export type ImportObstacle = z.infer<typeof importObstacleSchema>;

export const findingSchema = z.object({
  key: z.enum(FINDING_KEYS),
  level: z.enum(FINDING_LEVELS),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** A found credential without its value, which stays in the core for a short time under the random id. */
export const importCandidateSchema = z.object({
  candidateId: z.uuid(),
  providerId: providerIdSchema,
  /** Absent for an agent's own sign-in. */
  variable: variableNameSchema.optional(),
  masked: z.string(),
  /** Where it was found: the file, or the shell's program. */
  source: z.string(),
  findings: z.array(findingSchema),
  /** Scopes that have this variable under the asked account now: importing into one of them replaces what it has. */
  alreadyStored: z.array(scopeSchema),
  importable: z.boolean(),
  why: importObstacleSchema.optional(),
  /** The agent whose own sign-in it is, which that agent can have in Perch too. */
  agentId: agentIdSchema.optional(),
});
export type ImportCandidate = z.infer<typeof importCandidateSchema>;

export const importOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('stored'),
    candidateId: z.uuid(),
    credential: credentialViewSchema,
    replaced: z.boolean(),
  }),
  z.object({ outcome: z.literal('failed'), candidateId: z.uuid(), error: wireErrorSchema }),
]);
export type ImportOutcome = z.infer<typeof importOutcomeSchema>;
