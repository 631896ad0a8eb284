import { z } from 'zod';
import { diagnosticPartSchema, diagnosticPlanSchema } from '../../model/diagnostics.ts';
import { method, nothing } from './method.ts';

/** A file for a report: redacted, and listed before it is written. */
export const diagnosticsMethods = {
  'diagnostics.plan': method(nothing, z.object({ plan: diagnosticPlanSchema })),
  /**
   * Collects anew and writes a zip file. `file` is for the command line alone; absent, it goes to the user's downloads
   * under a name of its own.
   */
  'diagnostics.write': method(
    z.object({
      parts: z.array(diagnosticPartSchema).min(1),
      file: z.string().min(1).max(4096).optional(),
      overwrite: z.boolean(),
    }),
    z.object({ file: z.string(), bytes: z.number().int(), secretsKnown: z.boolean() }),
  ),
  /** Shows the file written last in the file manager; false when the host cannot. */
  'diagnostics.reveal': method(nothing, z.object({ revealed: z.boolean() })),
} as const;
