import { z } from 'zod';

/** A sentence of the core's for the user: a locale key, and the values in it. */
export const noticeSchema = z.object({
  level: z.enum(['info', 'warn']),
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Notice = z.infer<typeof noticeSchema>;
