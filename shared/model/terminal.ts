import { z } from 'zod';

export const terminalIdSchema = z.uuid();

export const terminalSizeSchema = z.object({
  columns: z.number().int().min(2).max(1000),
  rows: z.number().int().min(2).max(300),
});
export type TerminalSize = z.infer<typeof terminalSizeSchema>;

/** Characters that are typed or pasted at once, at most. */
export const MAX_TERMINAL_INPUT = 64 * 1024;

/** Terminfo's name for Perch's terminals. */
export const TERMINAL_KIND = 'xterm-256color';

/** The size of a terminal before its first viewer. */
export const FIRST_TERMINAL_SIZE: TerminalSize = { columns: 100, rows: 30 };
