import type { Failure } from '../../../shared/model/failure.ts';
import type { PermissionMode } from '../../../shared/model/permission-mode.ts';
import {
  type RunEvent,
  type StoredRunEvent,
  TURN_STATUSES,
  type TurnStatus,
  type TurnSummary,
} from '../../../shared/model/run-event.ts';
import type { SandboxStatus } from '../../../shared/model/sandbox-policy.ts';
import { isEnded } from '../../../shared/model/turn-ended.ts';
import { type FoldedTranscript, foldedTranscriptSchema } from '../../../shared/transcript/schema.ts';
import { type Database, explaining } from '../storage/database/database.ts';
import { createGuardedFileStore, OPEN_FILE } from './guarded/store.ts';
import { previewOf } from './turn-state.ts';

interface NewTurn {
  readonly turnId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly providerId?: string;
  readonly model: string;
  /** The submitted permission mode. */
  readonly requestedModel?: string | undefined;
  /** The submitted permission mode. */
  readonly requestedMode?: PermissionMode | undefined;
  readonly projectDir: string;
  readonly prompt: string;
  readonly bodyHash: string;
}

/** A turn that no agent has seen: it can still be run as if it had just been accepted. */
type UnstartedTurn = Pick<NewTurn, 'turnId' | 'sessionId' | 'agentId' | 'projectDir' | 'prompt'> & {
  readonly requestedModel: string | undefined;
  readonly requestedMode: PermissionMode | undefined;
  readonly status: TurnStatus;
};

interface Append {
  readonly turnId: string;
  readonly event: RunEvent;
  readonly at: number;
  /** The turn's status from this event on; absent when the event leaves it as it was. */
  readonly status?: TurnStatus;
}

export interface TurnQuery {
  readonly limit: number;
  /** Accepted before this time. */
  readonly before?: number | undefined;
  readonly sessionId?: string | undefined;
}

/** The agent and the folder that a session was opened with: it goes on only with these. */
export interface SessionOrigin {
  readonly agentId: string;
  readonly projectDir: string;
}

interface Row {
  turn_id: string;
  session_id: string;
  agent_id: string;
  provider_id: string | null;
  model: string;
  requested_model: string | null;
  requested_mode: PermissionMode | null;
  project_dir: string;
  prompt: string;
  body_hash: string;
  status: TurnStatus;
  accepted_at: number;
  ended_at: number | null;
  reached: number;
  sandbox: string | null;
  failure: string | null;
  reported_model: string | null;
  keeps_events: number;
  changed_files: number | null;
  undone: number | null;
  open_files: number;
  files_at: number | null;
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
  const insertEvent = sql.prepare<NewEvent, number>(INSERT_EVENT).pluck();
  const streamEvent = stream.prepare<NewEvent, number>(INSERT_EVENT).pluck();
  const transaction = sql.transaction(<T>(work: () => T): T => work());
  const updateTurn = sql.prepare(
    `UPDATE turn SET last_seq = @seq, heartbeat_at = @at, status = COALESCE(@status, status), ended_at = @endedAt,
       sandbox = COALESCE(@sandbox, sandbox), failure = COALESCE(@failure, failure),
       reported_model = COALESCE(@reported, reported_model),
       model = COALESCE(@model, model), provider_id = COALESCE(@providerId, provider_id)
     WHERE turn_id = @turnId`,
  );
  const readTurn = sql.prepare<[string], Row>(`${SELECT_TURN} WHERE turn_id = ?`);
  const readTurns = sql.prepare<[{ limit: number; before: number | null; sessionId: string | null }], Row>(
    `${SELECT_TURN}
     WHERE (@before IS NULL OR accepted_at < @before) AND (@sessionId IS NULL OR session_id = @sessionId)
     ORDER BY accepted_at DESC, rowid DESC LIMIT @limit`,
  );
  const readOpen = sql.prepare<[], Row>(`${SELECT_TURN} WHERE ended_at IS NULL ORDER BY accepted_at, rowid`);
  const readUnstarted = sql.prepare<[number], Row>(
    // The session is told, with its sandbox, before the prompt is.
    `${SELECT_TURN} WHERE ended_at IS NULL AND sandbox IS NULL
     AND (status = 'waiting-for-credential' OR (status = 'accepted' AND accepted_at > ?))
     ORDER BY accepted_at, rowid`,
  );
  const readReachable = sql.prepare<[number], Row>(
    // An end that was never noted counts from the last sign of life; a turn always has its start.
    `${SELECT_TURN} WHERE ended_at IS NULL OR COALESCE(ended_at, heartbeat_at, accepted_at) > ?
     ORDER BY accepted_at DESC, rowid DESC LIMIT 500`,
  );
  const readWithoutEnd = sql.prepare<[], Row>(
    `${SELECT_TURN} WHERE keeps_events = 1 AND (ended_at IS NOT NULL OR status IN (${ENDED}))
     AND NOT EXISTS (SELECT 1 FROM run_event AS e
       WHERE e.turn_id = turn.turn_id AND json_extract(e.event, '$.type') = 'turn.ended')`,
  );
  const readEnd = sql.prepare<[string], { seq: number; at: number; event: string }>(
    `SELECT seq, at, event FROM run_event WHERE turn_id = ? AND json_extract(event, '$.type') = 'turn.ended'`,
  );
  const reopen = sql.prepare('UPDATE turn SET ended_at = NULL WHERE turn_id = ?');
  const readTranscript = sql
    .prepare<[string], string>('SELECT transcript FROM turn_transcript WHERE turn_id = ?')
    .pluck();
  const deleteTurns = sql.prepare('DELETE FROM turn WHERE session_id = ?');
  const readEvents = sql.prepare<[string, number, number], { seq: number; at: number; event: string }>(
    'SELECT seq, at, event FROM run_event WHERE turn_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const readSessions = sql
    .prepare<[{ projectDir: string | null }], string>(
      'SELECT DISTINCT session_id FROM turn WHERE @projectDir IS NULL OR project_dir = @projectDir',
    )
    .pluck();
  const readProjects = sql
    .prepare<[number], string>(
      'SELECT project_dir FROM turn GROUP BY project_dir ORDER BY MAX(accepted_at) DESC, MAX(rowid) DESC LIMIT ?',
    )
    .pluck();

  const guarded = createGuardedFileStore({ sql });

  function appendNow({ turnId, event, at, status }: Append): StoredRunEvent | undefined {
    const seq = insertEvent.get(turnId, at, JSON.stringify(event));
    if (seq === undefined) return undefined;
    if (event.type === 'file.guarded') guarded.add({ turnId, at, file: event });
    const endedAt = event.type === 'turn.ended' ? at : null;
    const facts = {
      sandbox: sandboxOf(event),
      failure: failureOf(event),
      reported: event.type === 'model.reported' ? event.model : null,
      ...chosenOf(event),
    };
    updateTurn.run({ turnId, seq, at, status: status ?? null, endedAt, ...facts });
    return { turnId, seq, at, event };
  }

  /** One statement is a transaction of its own. */
  function streamNow({ turnId, event, at }: Append): StoredRunEvent | undefined {
    // Not `get`: it stops at the row, and SQLite folds its log back only after a statement that ran to its end.
    const [seq] = streamEvent.all(turnId, at, JSON.stringify(event));
    return seq === undefined ? undefined : { turnId, seq, at, event };
  }

  const explained = explaining(sql.name);

  /** Writes everything or nothing. */
  const write = <T>(work: () => T): T => explained(() => transaction.immediate(work) as T);

  return {
    /** Makes the turn with its first event. Undefined when there is a turn of that id already. */
    accept(turn: NewTurn, first: Omit<Append, 'turnId'>): StoredRunEvent | undefined {
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
        return changes === 0 ? undefined : appendNow({ ...first, turnId: turn.turnId });
      });
    },
    /** Undefined, and nothing is written, when the turn has ended or is not there: an end is the last event. */
    append(append: Append): StoredRunEvent | undefined {
      const streams = append.status === undefined && !TURN_FACTS.has(append.event.type);
      return streams ? explained(() => streamNow(append)) : write(() => appendNow(append));
    },
    /** Gives a turn that ended, but whose events do not say so, the end that is missing. */
    appendMissingEnd: (append: Append): StoredRunEvent | undefined =>
      write(() => {
        reopen.run(append.turnId);
        return appendNow(append);
      }),
    get(turnId: string): TurnSummary | undefined {
      const row = readTurn.get(turnId);
      return row === undefined ? undefined : summaryOf(row);
    },
    bodyHash: (turnId: string): string | undefined => readTurn.get(turnId)?.body_hash,
    /** Newest first. */
    list({ limit, before, sessionId }: TurnQuery): TurnSummary[] {
      return readTurns.all({ limit, before: before ?? null, sessionId: sessionId ?? null }).map(summaryOf);
    },
    sessionOrigin(sessionId: string): SessionOrigin | undefined {
      const [row] = readTurns.all({ limit: 1, before: null, sessionId });
      return row === undefined ? undefined : { agentId: row.agent_id, projectDir: row.project_dir };
    },
    /** Turns that wait for a credential, and those accepted after `since`, that no agent has seen; oldest first. */
    unstarted: (since: number): UnstartedTurn[] => readUnstarted.all(since).map(unstartedOf),
    /** Turns that run and turns that ended after `since`, newest first. */
    reachable: (since: number): TurnSummary[] => readReachable.all(since).map(summaryOf),
    /** Closes an open turn whose events hold its end already. False when they do not. */
    closeAsRecorded: (turnId: string): boolean =>
      write(() => {
        const end = readEnd.get(turnId);
        const event = end === undefined ? undefined : (JSON.parse(end.event) as RunEvent);
        if (end === undefined || event?.type !== 'turn.ended') return false;
        const facts = {
          status: event.result.outcome,
          endedAt: end.at,
          sandbox: null,
          failure: failureOf(event),
          reported: null,
          ...chosenOf(event),
        };
        updateTurn.run({ turnId, seq: end.seq, at: end.at, ...facts });
        return true;
      }),
    /** Turns that ended by their status, without the event that says so. */
    withoutEnd: (): TurnSummary[] => readWithoutEnd.all().map(summaryOf),
    /** Undefined as long as the turn has its events. */
    folded(turnId: string): FoldedTranscript | undefined {
      if (readTurn.get(turnId)?.keeps_events !== 0) return undefined;
      const text = readTranscript.get(turnId);
      return text === undefined ? undefined : foldedTranscriptSchema.parse(JSON.parse(text));
    },
    /** With events and transcripts. Answers how many turns it had. */
    deleteSession: (sessionId: string): number => write(() => deleteTurns.run(sessionId).changes),
    /** Turns without an end, oldest first. */
    open: (): TurnSummary[] => readOpen.all().map(summaryOf),
    events(query: { turnId: string; after: number; limit: number }): StoredRunEvent[] {
      const { turnId, after, limit } = query;
      return readEvents
        .all(turnId, after, limit)
        .map(({ seq, at, event }) => ({ turnId, seq, at, event: JSON.parse(event) as RunEvent }));
    },
    guarded,
    /** The sessions of one working directory, or all of them. */
    sessionsIn: (projectDir?: string): string[] => readSessions.all({ projectDir: projectDir ?? null }),
    /** Working directories, most recently used first. */
    projects: (limit: number): string[] => readProjects.all(limit),
  };
}

type NewEvent = [turnId: string, at: number, event: string];

/** Answers the event's number; no row when the turn has ended or is not there: an end is the last event. */
const INSERT_EVENT = `INSERT INTO run_event (turn_id, seq, at, event)
  SELECT id, COALESCE((SELECT MAX(seq) FROM run_event WHERE turn_id = id), 0) + 1, time, event
  FROM (SELECT ? AS id, ? AS time, ? AS event)
  WHERE EXISTS (SELECT 1 FROM turn WHERE turn_id = id AND ended_at IS NULL)
  RETURNING seq`;

/** The row's own number and time are those of the last event that changed the turn. */
const SELECT_TURN = `SELECT *,
  COALESCE((SELECT MAX(seq) FROM run_event AS e WHERE e.turn_id = turn.turn_id), last_seq) AS reached,
  (SELECT files FROM checkpoint AS c WHERE c.turn_id = turn.turn_id) AS changed_files,
  (SELECT undone FROM checkpoint AS c WHERE c.turn_id = turn.turn_id) AS undone,
  (SELECT COUNT(*) FROM guarded_file AS g WHERE g.turn_id = turn.turn_id AND ${OPEN_FILE}) AS open_files,
  (SELECT COALESCE(MAX(answered_at), MAX(at)) FROM guarded_file AS g WHERE g.turn_id = turn.turn_id) AS files_at
  FROM turn`;

const ENDED = TURN_STATUSES.filter(isEnded)
  .map((status) => `'${status}'`)
  .join(', ');

/** Events whose facts are stored with the turn as well. */
const TURN_FACTS: ReadonlySet<RunEvent['type']> = new Set([
  'turn.accepted',
  'session.started',
  'model.reported',
  'file.guarded',
  'turn.ended',
]);

/** The model and the provider of a turn, once they were decided again. */
function chosenOf(event: RunEvent): { model: string | null; providerId: string | null } {
  if (event.type !== 'credential.supplied') return { model: null, providerId: null };
  return { model: event.model, providerId: event.providerId ?? null };
}

function sandboxOf(event: RunEvent): string | null {
  return event.type === 'session.started' ? JSON.stringify(event.sandbox) : null;
}

function failureOf(event: RunEvent): string | null {
  return event.type === 'turn.ended' && 'failure' in event.result ? JSON.stringify(event.result.failure) : null;
}

function unstartedOf(row: Row): UnstartedTurn {
  return {
    turnId: row.turn_id,
    sessionId: row.session_id,
    agentId: row.agent_id,
    projectDir: row.project_dir,
    prompt: row.prompt,
    requestedModel: row.requested_model ?? undefined,
    requestedMode: row.requested_mode ?? undefined,
    status: row.status,
  };
}

function summaryOf(row: Row): TurnSummary {
  return {
    turnId: row.turn_id,
    sessionId: row.session_id,
    agentId: row.agent_id,
    ...(row.provider_id === null ? {} : { providerId: row.provider_id }),
    model: row.model,
    ...(row.reported_model === null ? {} : { reportedModel: row.reported_model }),
    projectDir: row.project_dir,
    promptPreview: previewOf(row.prompt) || row.agent_id,
    status: row.status,
    acceptedAt: row.accepted_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    lastSeq: row.reached,
    ...(row.sandbox === null ? {} : { sandbox: JSON.parse(row.sandbox) as SandboxStatus }),
    ...(row.failure === null ? {} : { failure: JSON.parse(row.failure) as Failure }),
    ...(row.changed_files === null ? {} : { changes: { files: row.changed_files, undone: row.undone === 1 } }),
    ...(row.files_at === null ? {} : { guarded: { open: row.open_files, at: row.files_at } }),
  };
}
