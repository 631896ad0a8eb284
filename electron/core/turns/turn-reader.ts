import { TURN_STATUSES, type TurnSummary } from '../../../shared/model/run-event.ts';
import { isEnded } from '../../../shared/model/turn-ended.ts';
import type { Database } from '../storage/database/database.ts';
import { SELECT_TURN, summaryOf, type TurnRow, type UnstartedTurn, unstartedOf } from './turn-row.ts';

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

/** Reads turns from the database. */
export function createTurnReader({ sql }: Pick<Database, 'sql'>) {
  const readTurn = sql.prepare<[string], TurnRow>(`${SELECT_TURN} WHERE turn_id = ?`);
  const readTurns = sql.prepare<[{ limit: number; before: number | null; sessionId: string | null }], TurnRow>(
    `${SELECT_TURN}
     WHERE (@before IS NULL OR accepted_at < @before) AND (@sessionId IS NULL OR session_id = @sessionId)
     ORDER BY accepted_at DESC, rowid DESC LIMIT @limit`,
  );
  const readOpen = sql.prepare<[], TurnRow>(`${SELECT_TURN} WHERE ended_at IS NULL ORDER BY accepted_at, rowid`);
  const readUnstarted = sql.prepare<[number], TurnRow>(
    // The session is told, with its sandbox, before the prompt is.
    `${SELECT_TURN} WHERE ended_at IS NULL AND sandbox IS NULL
     AND (status = 'waiting-for-credential' OR (status = 'accepted' AND accepted_at > ?))
     ORDER BY accepted_at, rowid`,
  );
  const readReachable = sql.prepare<[number], TurnRow>(
    // An end that was never noted counts from the last sign of life; a turn always has its start.
    `${SELECT_TURN} WHERE ended_at IS NULL OR COALESCE(ended_at, heartbeat_at, accepted_at) > ?
     ORDER BY accepted_at DESC, rowid DESC LIMIT 500`,
  );
  const readWithoutEnd = sql.prepare<[], TurnRow>(
    `${SELECT_TURN} WHERE keeps_events = 1 AND (ended_at IS NOT NULL OR status IN (${ENDED}))
     AND NOT EXISTS (SELECT 1 FROM run_event AS e
       WHERE e.turn_id = turn.turn_id AND json_extract(e.event, '$.type') = 'turn.ended')`,
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

  return {
    get(turnId: string): TurnSummary | undefined {
      const row = readTurn.get(turnId);
      return row === undefined ? undefined : summaryOf(row);
    },
    bodyHash: (turnId: string): string | undefined => readTurn.get(turnId)?.body_hash,
    /** False for a turn whose transcript took the place of its events. */
    keepsEvents: (turnId: string): boolean => readTurn.get(turnId)?.keeps_events !== 0,
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
    /** Turns that ended by their status, without the event that says so. */
    withoutEnd: (): TurnSummary[] => readWithoutEnd.all().map(summaryOf),
    /** Turns without an end, oldest first. */
    open: (): TurnSummary[] => readOpen.all().map(summaryOf),
    /** The sessions of one working directory, or all of them. */
    sessionsIn: (projectDir?: string): string[] => readSessions.all({ projectDir: projectDir ?? null }),
    /** Working directories, most recently used first. */
    projects: (limit: number): string[] => readProjects.all(limit),
  };
}

const ENDED = TURN_STATUSES.filter(isEnded)
  .map((status) => `'${status}'`)
  .join(', ');
