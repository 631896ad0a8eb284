import { z } from 'zod';
import { epochMsSchema } from './ids.ts';

/** The parts of a database in people's words. `settings` is everything that is none of the others. */
export const RECOVERY_AREAS = ['conversations', 'credentials', 'variables', 'settings'] as const;
export type RecoveryArea = (typeof RECOVERY_AREAS)[number];

/** A damaged database that was set aside, and what came over from it into a new one. */
export const recoverySchema = z.object({
  at: epochMsSchema,
  /** Where the damaged file is now. */
  movedTo: z.string(),
  areas: z.array(
    z.object({
      area: z.enum(RECOVERY_AREAS),
      /** `whole`: all of it, as far as that can be told; with `kept` 0 there was nothing. */
      state: z.enum(['whole', 'partly', 'nothing']),
      /** Turns, credentials, variables; of settings the entries. */
      kept: z.number().int().nonnegative(),
    }),
  ),
});
export type Recovery = z.infer<typeof recoverySchema>;
