import { z } from 'zod';

/** What a process that Perch started is for. `program`: one that somebody runs in an agent's sandbox. */
export const processKindSchema = z.enum(['runner', 'session', 'terminal', 'program']);
export type ProcessKind = z.infer<typeof processKindSchema>;
