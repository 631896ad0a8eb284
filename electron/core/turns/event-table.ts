import type { RunEvent, StoredRunEvent, TurnStatus } from '../../../shared/model/run-event.ts';
import type { Database } from '../storage/database/database.ts';
import type { GuardedFileStore } from './guarded/guarded-file-store.ts';
import { factsOf } from './turn-facts.ts';

export interface AppendedEvent {
  readonly turnId: string;
  readonly event: RunEvent;
  readonly at: number;
  /** The turn's status from this event on; absent when the event leaves it as it was. */
  readonly status?: TurnStatus;
}

type NewEvent = [turnId: string, at: number, event: string];

/** Answers the event's number; no row when the turn has ended or is not there: an end is the last event. */
const INSERT_EVENT = `INSERT INTO run_event (turn_id, seq, at, event)
  SELECT id, COALESCE((SELECT MAX(seq) FROM run_event WHERE turn_id = id), 0) + 1, time, event
  FROM (SELECT ? AS id, ? AS time, ? AS event)
  WHERE EXISTS (SELECT 1 FROM turn WHERE turn_id = id AND ended_at IS NULL)
  RETURNING seq`;

/** The events of turns, and what they make of their turn. The caller holds the transaction. */
export function createEventTable({
  sql,
  stream,
  guarded,
}: Pick<Database, 'sql' | 'stream'> & { guarded: Pick<GuardedFileStore, 'add'> }) {
  const insertEvent = sql.prepare<NewEvent, number>(INSERT_EVENT).pluck();
  const streamEvent = stream.prepare<NewEvent, number>(INSERT_EVENT).pluck();
  const updateTurn = sql.prepare(
    `UPDATE turn SET last_seq = @seq, heartbeat_at = @at, status = COALESCE(@status, status), ended_at = @endedAt,
       sandbox = COALESCE(@sandbox, sandbox), failure = COALESCE(@failure, failure),
       reported_model = COALESCE(@reported, reported_model),
       model = COALESCE(@model, model), provider_id = COALESCE(@providerId, provider_id)
     WHERE turn_id = @turnId`,
  );
  const readEnd = sql.prepare<[string], { seq: number; at: number; event: string }>(
    `SELECT seq, at, event FROM run_event WHERE turn_id = ? AND json_extract(event, '$.type') = 'turn.ended'`,
  );
  const readEvents = sql.prepare<[string, number, number], { seq: number; at: number; event: string }>(
    'SELECT seq, at, event FROM run_event WHERE turn_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );

  return {
    /** Appends the event and changes its turn. Undefined, and nothing is written, when the turn has ended. */
    append({ turnId, event, at, status }: AppendedEvent): StoredRunEvent | undefined {
      const seq = insertEvent.get(turnId, at, JSON.stringify(event));
      if (seq === undefined) return undefined;
      if (event.type === 'file.guarded') guarded.add({ turnId, at, file: event });
      const endedAt = event.type === 'turn.ended' ? at : null;
      updateTurn.run({ turnId, seq, at, status: status ?? null, endedAt, ...factsOf(event) });
      return { turnId, seq, at, event };
    },
    /** Appends an event that changes no turn, without waiting for the disk; the statement is its own transaction. */
    stream({ turnId, event, at }: AppendedEvent): StoredRunEvent | undefined {
      // Not `get`: it stops at the row, and SQLite folds its log back only after a statement that ran to its end.
      const [seq] = streamEvent.all(turnId, at, JSON.stringify(event));
      return seq === undefined ? undefined : { turnId, seq, at, event };
    },
    /** Closes an open turn whose events hold its end already. False when they do not. */
    closeAsRecorded(turnId: string): boolean {
      const end = readEnd.get(turnId);
      const event = end === undefined ? undefined : (JSON.parse(end.event) as RunEvent);
      if (end === undefined || event?.type !== 'turn.ended') return false;
      const { seq, at } = end;
      updateTurn.run({ turnId, seq, at, status: event.result.outcome, endedAt: at, ...factsOf(event) });
      return true;
    },
    read({ turnId, after, limit }: { turnId: string; after: number; limit: number }): StoredRunEvent[] {
      return readEvents
        .all(turnId, after, limit)
        .map(({ seq, at, event }) => ({ turnId, seq, at, event: JSON.parse(event) as RunEvent }));
    },
  };
}
