import { z } from 'zod';

/** The purpose of a process that Perch started. `program`: one that a user runs in an agent's sandbox. */
export const processKindSchema = z.enum(['runner', 'session', 'terminal', 'program']);
export type ProcessKind = z.infer<typeof processKindSchema>;
