import type { Failure } from '../../../shared/model/failure.ts';
import type { PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { TurnStatus, TurnSummary } from '../../../shared/model/run-event.ts';
import type { SandboxStatus } from '../../../shared/model/sandbox-policy.ts';
import { OPEN_FILE } from './guarded/guarded-file-store.ts';
import { previewOf } from './turn-state.ts';

export interface TurnRow {
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

/** The row's own number and time are those of the last event that changed the turn. */
export const SELECT_TURN = `SELECT *,
  COALESCE((SELECT MAX(seq) FROM run_event AS e WHERE e.turn_id = turn.turn_id), last_seq) AS reached,
  (SELECT files FROM checkpoint AS c WHERE c.turn_id = turn.turn_id) AS changed_files,
  (SELECT undone FROM checkpoint AS c WHERE c.turn_id = turn.turn_id) AS undone,
  (SELECT COUNT(*) FROM guarded_file AS g WHERE g.turn_id = turn.turn_id AND ${OPEN_FILE}) AS open_files,
  (SELECT COALESCE(MAX(answered_at), MAX(at)) FROM guarded_file AS g WHERE g.turn_id = turn.turn_id) AS files_at
  FROM turn`;

/** A turn that no agent has seen: it can still be run as if it had just been accepted. */
export interface UnstartedTurn {
  readonly turnId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly projectDir: string;
  readonly prompt: string;
  readonly requestedModel: string | undefined;
  readonly requestedMode: PermissionMode | undefined;
  readonly status: TurnStatus;
}

export function unstartedOf(row: TurnRow): UnstartedTurn {
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

export function summaryOf(row: TurnRow): TurnSummary {
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
