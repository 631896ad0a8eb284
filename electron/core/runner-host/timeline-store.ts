import { type SupervisorEvent, supervisorEventSchema } from '../../../shared/model/connection-state.ts';
import type { Database } from '../storage/database/database.ts';

/** Older entries are deleted. */
export const KEPT_EVENTS = 500;

export interface TimelineStore {
  append(event: SupervisorEvent): void;
  /** Oldest first. */
  list(): SupervisorEvent[];
}

/** The supervisor's timeline in the table `supervisor_event`. An entry that a later version wrote is left out. */
export function createTimelineStore({ sql }: Pick<Database, 'sql'>): TimelineStore {
  const insert = sql.prepare('INSERT INTO supervisor_event (at, event) VALUES (?, ?)');
  const prune = sql.prepare(
    'DELETE FROM supervisor_event WHERE id <= (SELECT id FROM supervisor_event ORDER BY id DESC LIMIT 1 OFFSET ?)',
  );
  const select = sql.prepare<[], { event: string }>('SELECT event FROM supervisor_event ORDER BY id');
  const append = sql.transaction((event: SupervisorEvent) => {
    insert.run(event.at, JSON.stringify(event));
    prune.run(KEPT_EVENTS);
  });

  return {
    append: (event) => append(event),
    list: () =>
      select.all().flatMap(({ event }) => {
        const parsed = supervisorEventSchema.safeParse(JSON.parse(event));
        return parsed.success ? [parsed.data] : [];
      }),
  };
}
