import { z } from 'zod';

/** The parts of a diagnostics report, in this order. `sessions` and `transcripts` hold the user's own work. */
export const DIAGNOSTIC_PARTS = [
  'versions',
  'doctor',
  'connection',
  'settings',
  'database',
  'logs',
  'sessions',
  'transcripts',
] as const;
export const diagnosticPartSchema = z.enum(DIAGNOSTIC_PARTS);
export type DiagnosticPart = z.infer<typeof diagnosticPartSchema>;

/** A part as it would be written now. The sentence `diagnostics.part.<part>` gives its purpose. */
const diagnosticPlanPartSchema = z.object({
  part: diagnosticPartSchema,
  files: z.array(z.object({ name: z.string(), bytes: z.number().int() })),
  /** False: it is in the bundle only when it is asked for. */
  usual: z.boolean(),
});
export type DiagnosticPlanPart = z.infer<typeof diagnosticPlanPartSchema>;

export const diagnosticPlanSchema = z.object({
  parts: z.array(diagnosticPlanPartSchema),
  /** False: the keychain did not give its values, so what it holds was looked for by shape alone. */
  secretsKnown: z.boolean(),
});
export type DiagnosticPlan = z.infer<typeof diagnosticPlanSchema>;
