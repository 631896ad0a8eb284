import { z } from 'zod';
import { agentIdSchema, directorySchema } from './ids.ts';

export const settingsSchema = z.object({
  selectedAgentId: agentIdSchema,
  /** The working directory of the next turn; unset means Perch's own scratch folder. */
  projectDir: directorySchema.optional(),
  locale: z.enum(['system', 'en', 'de', 'fr']),
  theme: z.enum(['system', 'light', 'dark']),
  clearClipboardAfterPaste: z.boolean(),
  /** The machine stays awake while a turn is at work, where the host can see to it. */
  holdOffSleep: z.boolean(),
  /** Hours that the single events of a turn are kept after its end; its transcript stays. */
  keepEventsHours: z.number().int().min(1).max(8760),
  /** Megabytes that the database may fill before the events of the oldest turns go early. */
  maxEventsMb: z.number().int().min(50).max(100_000),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings of a person who has changed none. */
export const DEFAULT_SETTINGS: Settings = {
  selectedAgentId: 'demo',
  locale: 'system',
  theme: 'system',
  clearClipboardAfterPaste: true,
  holdOffSleep: true,
  keepEventsHours: 24,
  maxEventsMb: 1024,
};

export const settingsPatchSchema = settingsSchema.partial();
