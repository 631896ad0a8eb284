import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { agentIdSchema, epochMsSchema } from './ids.ts';

/** Says whether the PATH of the user's terminals is known. Without it, *not found* is not sure. */
const loginShellStateSchema = z.discriminatedUnion('state', [
  /** Every program has the user's PATH here, whichever program starts it. */
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

/** An installation that was asked for, as far as it is. */
export const installJobSchema = z.object({
  agentId: agentIdSchema,
  /** The requested version: exact, or a tag of the registry such as `latest`. */
  version: z.string(),
  startedAt: epochMsSchema,
  progress: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('running'),
      phase: z.enum(['fetching', 'placing']),
      /** Packages fetched so far; npm does not say how many there will be. */
      packages: z.number().int().nonnegative(),
      bytes: z.number().int().nonnegative(),
    }),
    z.object({ state: z.literal('done'), version: z.string() }),
    z.object({ state: z.literal('cancelled') }),
    z.object({ state: z.literal('failed'), error: wireErrorSchema }),
  ]),
});
export type InstallJob = z.infer<typeof installJobSchema>;

/** How far the look for programs is, apart from each agent's own installation. */
export const programsSchema = z.object({
  loginShell: loginShellStateSchema,
  /** The last one of each agent. */
  installs: z.array(installJobSchema),
});
