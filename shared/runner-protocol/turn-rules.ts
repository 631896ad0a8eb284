import { z } from 'zod';
import { permissionModeSchema } from '../model/permission-mode.ts';

/** The rules that hold for one turn of an agent. */
export const turnRulesSchema = z.object({
  mode: permissionModeSchema,
  /** The agent's own name of the mode, to be set before the prompt. Absent: it needs none. */
  modeId: z.string().optional(),
  /** Whatever the agent asks is allowed, and told; absent: the user is asked. */
  allows: z.literal(true).optional(),
  /** Absent: no limit. */
  maxMinutes: z.number().int().positive().optional(),
  maxToolCalls: z.number().int().positive().optional(),
});
export type TurnRules = z.infer<typeof turnRulesSchema>;
