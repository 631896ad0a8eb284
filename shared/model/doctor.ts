import { z } from 'zod';

/** One line of `perch doctor`. `could-not-check` is apart from `problem`: nobody knows. */
export const doctorCheckSchema = z.object({
  id: z.string(),
  status: z.enum(['ok', 'warning', 'problem', 'could-not-check']),
  /** What was found, in one sentence. */
  summary: z.string(),
  /** What to do about it. */
  advice: z.string().optional(),
});
export const doctorReportSchema = z.object({
  version: z.string(),
  platform: z.string(),
  dataDir: z.string(),
  checks: z.array(doctorCheckSchema),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;
export type DoctorReport = z.infer<typeof doctorReportSchema>;
