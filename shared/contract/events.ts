import { z } from 'zod';
import { storedRunEventSchema } from '../model/run-event.ts';
import { type AppState, type AppStateSlice, appStateSchema } from './state.ts';

/** Where a client stands. Another epoch is another run of the core: its sequence numbers mean nothing here. */
export const eventPositionSchema = z.object({
  epoch: z.string(),
  sequence: z.number().int().nonnegative(),
});
export type EventPosition = z.infer<typeof eventPositionSchema>;

/** A slice of the state, whole, after it changed. */
export type StateEvent = {
  [Slice in AppStateSlice]: { readonly type: 'state'; readonly slice: Slice; readonly value: AppState[Slice] };
}[AppStateSlice];

/** A run event that was just persisted. */
const runNotificationSchema = z.object({ type: z.literal('run'), stored: storedRunEventSchema });

export type AppEvent = StateEvent | z.infer<typeof runNotificationSchema>;

/** A message to a client: the event, and the client's position after it. */
export interface SequencedEvent {
  readonly position: EventPosition;
  readonly event: AppEvent;
}

const appEventSchema = z.union([
  runNotificationSchema,
  ...(Object.keys(appStateSchema.shape) as AppStateSlice[]).map((slice) =>
    z.object({ type: z.literal('state'), slice: z.literal(slice), value: appStateSchema.shape[slice] }),
  ),
]);

export const sequencedEventSchema = z.object({ position: eventPositionSchema, event: appEventSchema });

/** Name of the notification that carries a SequencedEvent from a door to a client. */
export const EVENT_NOTIFICATION = 'event';
