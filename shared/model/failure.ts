import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { logLineSchema, logPositionSchema } from './log-position.ts';

/** `cause`: the line at the failure's position. Absent in failures of earlier versions. */
const failureLineSchema = logLineSchema.extend({ cause: z.literal(true).optional() });
export type FailureLine = z.infer<typeof failureLineSchema>;

/** Why a turn or the runner failed, with the way to its log. All texts are redacted before they get here. */
export const failureSchema = z.object({
  error: wireErrorSchema,
  /** The agent's or provider's own sentence, when there is one. Redacted, at most 2,000 characters. */
  reported: z.string().max(2000).optional(),
  exitCode: z.number().int().optional(),
  signal: z.string().optional(),
  log: logPositionSchema.optional(),
  /** The last lines before the failure, oldest first; before them the one that carries the cause, when it is older. */
  lastLines: z.array(failureLineSchema).max(20),
});
export type Failure = z.infer<typeof failureSchema>;
