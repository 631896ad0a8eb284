import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { RunEvent, StoredRunEvent, TurnStatus, TurnSummary } from '../../../shared/model/run-event.ts';
import type { SandboxStatus } from '../../../shared/model/sandbox-policy.ts';
import type { Database } from '../database/database.ts';
import { previewOf } from './turn-state.ts';

export interface NewTurn {
  readonly turnId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly providerId?: string;
  readonly model: string;
  readonly projectDir: string;
  readonly prompt: string;
  readonly bodyHash: string;
}

export interface Append {
  readonly turnId: string;
  readonly event: RunEvent;
  readonly at: number;
  /** The turn's status from this event on. */
  readonly status: TurnStatus;
}

export interface TurnQuery {
  readonly limit: number;
  /** Accepted before this time. */
  readonly before?: number | undefined;
  readonly sessionId?: string | undefined;
}

/** What a session was opened with: it goes on only so. */
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
  project_dir: string;
  prompt: string;
  body_hash: string;
  status: TurnStatus;
  accepted_at: number;
  ended_at: number | null;
  last_seq: number;
  sandbox: string | null;
  failure: string | null;
}

export type TurnStore = ReturnType<typeof createTurnStore>;

/**
 * Turns and their events in SQL. An event and what it makes of its turn are one transaction.
 * Writing raises PerchError DISK_FULL.
 */
export function createTurnStore({ sql }: Database) {
  const insertTurn = sql.prepare(
    `INSERT INTO turn (turn_id, session_id, agent_id, provider_id, model, project_dir, prompt, body_hash, status,
       accepted_at, heartbeat_at, last_seq)
     VALUES (@turnId, @sessionId, @agentId, @providerId, @model, @projectDir, @prompt, @bodyHash, @status, @at, @at, 0)
     ON CONFLICT (turn_id) DO NOTHING`,
  );
  const insertEvent = sql.prepare('INSERT INTO run_event (turn_id, seq, at, event) VALUES (?, ?, ?, ?)');
  const readPlace = sql.prepare<[string], { last_seq: number; ended_at: number | null }>(
    'SELECT last_seq, ended_at FROM turn WHERE turn_id = ?',
  );
  const updateTurn = sql.prepare(
    `UPDATE turn SET last_seq = @seq, heartbeat_at = @at, status = @status, ended_at = @endedAt,
       sandbox = COALESCE(@sandbox, sandbox), failure = COALESCE(@failure, failure)
     WHERE turn_id = @turnId`,
  );
  const readTurn = sql.prepare<[string], Row>('SELECT * FROM turn WHERE turn_id = ?');
  const readTurns = sql.prepare<[{ limit: number; before: number | null; sessionId: string | null }], Row>(
    `SELECT * FROM turn
     WHERE (@before IS NULL OR accepted_at < @before) AND (@sessionId IS NULL OR session_id = @sessionId)
     ORDER BY accepted_at DESC, rowid DESC LIMIT @limit`,
  );
  const readOpen = sql.prepare<[], Row>('SELECT * FROM turn WHERE ended_at IS NULL ORDER BY accepted_at, rowid');
  const readEvents = sql.prepare<[string, number, number], { seq: number; at: number; event: string }>(
    'SELECT seq, at, event FROM run_event WHERE turn_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const readProjects = sql
    .prepare<[number], string>(
      'SELECT project_dir FROM turn GROUP BY project_dir ORDER BY MAX(accepted_at) DESC, MAX(rowid) DESC LIMIT ?',
    )
    .pluck();

  function appendNow({ turnId, event, at, status }: Append): StoredRunEvent | undefined {
    const place = readPlace.get(turnId);
    if (place === undefined || place.ended_at !== null) return undefined;
    const seq = place.last_seq + 1;
    insertEvent.run(turnId, seq, at, JSON.stringify(event));
    const endedAt = event.type === 'turn.ended' ? at : null;
    updateTurn.run({ turnId, seq, at, status, endedAt, sandbox: sandboxOf(event), failure: failureOf(event) });
    return { turnId, seq, at, event };
  }

  /** All or nothing. */
  function write<T>(work: () => T): T {
    try {
      return sql.transaction(work).immediate();
    } catch (error) {
      const isFull = (error as { code?: unknown }).code === 'SQLITE_FULL';
      throw isFull ? new PerchError('DISK_FULL', { file: sql.name }, { cause: error }) : error;
    }
  }

  return {
    /** Makes the turn with its first event. Undefined when there is a turn of that id already. */
    accept(turn: NewTurn, first: Omit<Append, 'turnId'>): StoredRunEvent | undefined {
      const { at, status } = first;
      return write(() => {
        const { changes } = insertTurn.run({ ...turn, providerId: turn.providerId ?? null, at, status });
        return changes === 0 ? undefined : appendNow({ ...first, turnId: turn.turnId });
      });
    },
    /** Undefined, and nothing is written, when the turn has ended or is not there: an end is the last event. */
    append: (append: Append): StoredRunEvent | undefined => write(() => appendNow(append)),
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
    /** Turns without an end, oldest first. */
    open: (): TurnSummary[] => readOpen.all().map(summaryOf),
    events(query: { turnId: string; after: number; limit: number }): StoredRunEvent[] {
      const { turnId, after, limit } = query;
      return readEvents
        .all(turnId, after, limit)
        .map(({ seq, at, event }) => ({ turnId, seq, at, event: JSON.parse(event) as RunEvent }));
    },
    /** Working directories, most recently used first. */
    projects: (limit: number): string[] => readProjects.all(limit),
  };
}

function sandboxOf(event: RunEvent): string | null {
  return event.type === 'session.started' ? JSON.stringify(event.sandbox) : null;
}

function failureOf(event: RunEvent): string | null {
  return event.type === 'turn.ended' && 'failure' in event.result ? JSON.stringify(event.result.failure) : null;
}

function summaryOf(row: Row): TurnSummary {
  return {
    turnId: row.turn_id,
    sessionId: row.session_id,
    agentId: row.agent_id,
    ...(row.provider_id === null ? {} : { providerId: row.provider_id }),
    model: row.model,
    projectDir: row.project_dir,
    promptPreview: previewOf(row.prompt),
    status: row.status,
    acceptedAt: row.accepted_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    lastSeq: row.last_seq,
    ...(row.sandbox === null ? {} : { sandbox: JSON.parse(row.sandbox) as SandboxStatus }),
    ...(row.failure === null ? {} : { failure: JSON.parse(row.failure) as Failure }),
  };
}
