import type { EVENT_NOTIFICATION as NotificationName } from '../../shared/contract/events.ts';

export type { SequencedEvent } from '../../shared/contract/events.ts';

/** Said again rather than imported: the module it is in brings the schemas along, and the core checks those. */
export const EVENT_NOTIFICATION: typeof NotificationName = 'event';
