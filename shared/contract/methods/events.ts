import { z } from 'zod';
import { eventPositionSchema, sequencedEventSchema } from '../events.ts';
import { appStateSchema } from '../state.ts';
import { method } from './method.ts';

/** The event stream of one connection; the door itself answers. */
export const eventsMethods = {
  /** Starts the event stream of this connection: from `since` when it is still known, else from a snapshot. */
  'events.subscribe': method(
    z.object({ since: eventPositionSchema.optional() }),
    z.object({
      position: eventPositionSchema,
      snapshot: appStateSchema.optional(),
      missed: z.array(sequencedEventSchema),
    }),
  ),
} as const;
