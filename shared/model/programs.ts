import { z } from 'zod';

/** Whether the PATH of the user's terminals is known. Without it, *not found* is not sure (R59). */
export const loginShellStateSchema = z.discriminatedUnion('state', [
  /** Programs have the user's PATH whoever starts them. */
  z.object({ state: z.literal('not-needed') }),
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('known') }),
  z.object({
    state: z.literal('could-not-check'),
    why: z.enum(['no-shell', 'timeout', 'failed']),
    shell: z.string().optional(),
    /** How long it was waited for. */
    seconds: z.number(),
  }),
]);
export type LoginShellState = z.infer<typeof loginShellStateSchema>;

/** How far the look for programs is, apart from each agent's own installation. */
export const programsSchema = z.object({ loginShell: loginShellStateSchema });
export type Programs = z.infer<typeof programsSchema>;
