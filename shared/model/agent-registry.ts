import { z } from 'zod';
import { agentIdSchema } from './ids.ts';

/** An agent of the ACP registry that Perch has no description of its own for. None was tried with Perch. */
export const otherAgentSchema = z.object({
  agentId: agentIdSchema,
  name: z.string(),
  version: z.string(),
  description: z.string(),
  homepage: z.url().optional(),
  licence: z.string().optional(),
  /** `package`: Perch can install and run it. `by-hand`: it is no package of npm. */
  how: z.enum(['package', 'by-hand']),
  /** Absent: its homepage says how. */
  installCommand: z.string().optional(),
  /** There is an agent with this id already. */
  added: z.boolean(),
});
export type OtherAgent = z.infer<typeof otherAgentSchema>;

export const registrySourceSchema = z.object({
  source: z.url(),
  date: z.iso.date(),
  origin: z.string(),
  licence: z.string(),
});
