import { z } from 'zod';
import { agentIdSchema, directorySchema } from './ids.ts';

export const settingsSchema = z.object({
  selectedAgentId: agentIdSchema,
  /** The working directory of the next turn; unset means Perch's own scratch folder. */
  projectDir: directorySchema.optional(),
  locale: z.enum(['system', 'en', 'de', 'fr']),
  theme: z.enum(['system', 'light', 'dark']),
  clearClipboardAfterPaste: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsPatchSchema = settingsSchema.partial();
