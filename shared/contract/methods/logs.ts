import { z } from 'zod';
import { epochMsSchema } from '../../model/ids.ts';
import { LOG_LEVELS, logNameSchema, logPositionSchema, positionedLogLineSchema } from '../../model/log-position.ts';
import { method, nothing } from './method.ts';

/** UTF-16 units of a text that a log is searched for. */
export const MAX_SEARCH_CHARS = 200;

/** Logs. */
export const logsMethods = {
  'logs.list': method(
    nothing,
    z.object({ logs: z.array(z.object({ log: logNameSchema, bytes: z.number().int(), modifiedAt: epochMsSchema })) }),
  ),
  /**
   * Lines around a place: `from` absent means the end of the log. `before` and `after` count lines.
   * `next` is where the log goes on: read from there to follow.
   */
  'logs.read': method(
    z.object({
      log: logNameSchema,
      from: logPositionSchema.optional(),
      before: z.number().int().min(0).max(1000),
      after: z.number().int().min(0).max(1000),
      minLevel: z.enum(LOG_LEVELS).optional(),
      text: z.string().max(MAX_SEARCH_CHARS).optional(),
      /** Only lines of this time and later. */
      since: epochMsSchema.optional(),
    }),
    z.object({
      lines: z.array(positionedLogLineSchema),
      next: logPositionSchema,
      /** The asked place was deleted by retention; the lines start at the oldest that is left. */
      positionGone: z.boolean(),
    }),
  ),
  /** The log's file on this machine; `reveal` also shows it in the file manager, and `revealed` says whether it did. */
  'logs.file': method(
    z.object({ log: logNameSchema, reveal: z.boolean() }),
    z.object({ path: z.string(), revealed: z.boolean() }),
  ),
} as const;
