import { z } from 'zod';
import { epochMsSchema } from './ids.ts';

/** Why a start failed, or a running Perch ended, where no log could be relied on. Redacted before it was written. */
export const bootFailureSchema = z.object({
  at: epochMsSchema,
  host: z.enum(['electron', 'loopback', 'cli']),
  version: z.string(),
  pid: z.number().int(),
  dataDir: z.string(),
  /** An error code of Perch's own or of the system; absent when the error has none. */
  code: z.string().optional(),
  message: z.string(),
});
export type BootFailure = z.infer<typeof bootFailureSchema>;
