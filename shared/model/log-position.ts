import { z } from 'zod';

/** `runner` (the runner's own log), `core` (the application's), or one session's. */
export const logNameSchema = z.union([
  z.literal('runner'),
  z.literal('core'),
  z.templateLiteral(['session:', z.uuid()]),
]);
export type LogName = z.infer<typeof logNameSchema>;

/**
 * A place in a log that stays valid across rotation: segments are numbered for ever and never renamed,
 * so a position ends only when retention deletes its segment.
 */
export const logPositionSchema = z.object({
  log: logNameSchema,
  segment: z.number().int().positive(),
  /** Bytes from the start of the segment, always at the start of a line. */
  offset: z.number().int().nonnegative(),
});
export type LogPosition = z.infer<typeof logPositionSchema>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** A line of a log, written as one JSON object. */
export const logLineSchema = z.object({
  /** ISO 8601, UTC, milliseconds. */
  time: z.string(),
  level: z.enum(LOG_LEVELS),
  /** The part that wrote the line: `supervisor`, `agent.stderr`, `acp`, … */
  source: z.string(),
  message: z.string(),
  turnId: z.string().optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;
export type LogLevel = LogLine['level'];

export const positionedLogLineSchema = logLineSchema.extend({ position: logPositionSchema });
export type PositionedLogLine = z.infer<typeof positionedLogLineSchema>;
