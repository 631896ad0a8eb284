import { z } from 'zod';

/** A sentence as its key in `resources/locales`, with its values: who shows it chooses the language. */
const messageSchema = z.object({
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Message = z.infer<typeof messageSchema>;

/** A line of `perch doctor`. `could-not-check` is apart from `problem`: the question is open. */
const doctorCheckSchema = z.object({
  id: z.string(),
  status: z.enum(['ok', 'warning', 'problem', 'could-not-check']),
  /** The finding, in one sentence. */
  summary: messageSchema,
  /** The advice, in one sentence. */
  advice: messageSchema.optional(),
});
export const doctorReportSchema = z.object({
  version: z.string(),
  platform: z.string(),
  dataDir: z.string(),
  checks: z.array(doctorCheckSchema),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;
export type DoctorReport = z.infer<typeof doctorReportSchema>;
