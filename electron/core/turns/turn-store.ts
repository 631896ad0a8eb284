import type { PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { StoredRunEvent } from '../../../shared/model/run-event.ts';
import { type FoldedTranscript, foldedTranscriptSchema } from '../../../shared/transcript/schema.ts';
import { type Database, explaining } from '../storage/database/database.ts';
import { type AppendedEvent, createEventTable } from './event-table.ts';
import { createGuardedFileStore } from './guarded/guarded-file-store.ts';
import { changesTurn } from './turn-facts.ts';
import { createTurnReader } from './turn-reader.ts';

interface NewTurn {
  readonly turnId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly providerId?: string;
  readonly model: string;
  /** The submitted model. */
  readonly requestedModel?: string | undefined;
  /** The submitted permission mode. */
  readonly requestedMode?: PermissionMode | undefined;
  readonly projectDir: string;
  readonly prompt: string;
  readonly bodyHash: string;
}

export type TurnStore = ReturnType<typeof createTurnStore>;

/**
 * Turns and their events in SQL. Events are only ever appended; an event gets its number in the statement that writes
 * it, and what it makes of its turn is the same transaction. What an agent streams goes through the connection that
 * does not wait for the disk; whatever makes or changes a turn waits, and takes the stream before it along.
 * Writing raises PerchError DISK_FULL, DATABASE_LOCKED, DATABASE_CORRUPT.
 */
export function createTurnStore({ sql, stream }: Pick<Database, 'sql' | 'stream'>) {
  const insertTurn = sql.prepare(
    `INSERT INTO turn (turn_id, session_id, agent_id, provider_id, model, requested_model, requested_mode, project_dir,
       prompt, body_hash, status, accepted_at, heartbeat_at, last_seq)
     VALUES (@turnId, @sessionId, @agentId, @providerId, @model, @requestedModel, @requestedMode, @projectDir,
       @prompt, @bodyHash, @status, @at, @at, 0)
     ON CONFLICT (turn_id) DO NOTHING`,
  );
  const reopen = sql.prepare('UPDATE turn SET ended_at = NULL WHERE turn_id = ?');
  const deleteTurns = sql.prepare('DELETE FROM turn WHERE session_id = ?');
  const readTranscript = sql
    .prepare<[string], string>('SELECT transcript FROM turn_transcript WHERE turn_id = ?')
    .pluck();
  const transaction = sql.transaction(<T>(work: () => T): T => work());

  const guarded = createGuardedFileStore({ sql });
  const events = createEventTable({ sql, stream, guarded });
  const { keepsEvents, ...turns } = createTurnReader({ sql });
  const explained = explaining(sql.name);

  /** Writes everything or nothing. */
  const write = <T>(work: () => T): T => explained(() => transaction.immediate(work) as T);

  return {
    ...turns,
    guarded,
    /** Makes the turn with its first event. Undefined when there is a turn of that id already. */
    accept(turn: NewTurn, first: Omit<AppendedEvent, 'turnId'>): StoredRunEvent | undefined {
      const { at, status } = first;
      return write(() => {
        const { changes } = insertTurn.run({
          ...turn,
          providerId: turn.providerId ?? null,
          requestedModel: turn.requestedModel ?? null,
          requestedMode: turn.requestedMode ?? null,
          at,
          status,
        });
        return changes === 0 ? undefined : events.append({ ...first, turnId: turn.turnId });
      });
    },
    /** Undefined, and nothing is written, when the turn has ended or is not there: an end is the last event. */
    append(append: AppendedEvent): StoredRunEvent | undefined {
      const streams = append.status === undefined && !changesTurn(append.event);
      return streams ? explained(() => events.stream(append)) : write(() => events.append(append));
    },
    /** Gives a turn that ended, but whose events do not say so, the end that is missing. */
    appendMissingEnd: (append: AppendedEvent): StoredRunEvent | undefined =>
      write(() => {
        reopen.run(append.turnId);
        return events.append(append);
      }),
    /** Closes an open turn whose events hold its end already. False when they do not. */
    closeAsRecorded: (turnId: string): boolean => write(() => events.closeAsRecorded(turnId)),
    events: events.read,
    /** Undefined as long as the turn has its events. */
    folded(turnId: string): FoldedTranscript | undefined {
      if (keepsEvents(turnId)) return undefined;
      const text = readTranscript.get(turnId);
      return text === undefined ? undefined : foldedTranscriptSchema.parse(JSON.parse(text));
    },
    /** With events and transcripts. Answers how many turns it had. */
    deleteSession: (sessionId: string): number => write(() => deleteTurns.run(sessionId).changes),
  };
}
