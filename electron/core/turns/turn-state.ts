import { createHash } from 'node:crypto';
import type { Params } from '../../../shared/contract/methods.ts';
import type { RunEvent, TurnStatus } from '../../../shared/model/run-event.ts';

export interface TurnState {
  readonly status: TurnStatus;
  /** Request ids of permissions without an answer. */
  readonly openPermissions: readonly string[];
}

export const NEW_TURN: TurnState = { status: 'accepted', openPermissions: [] };

/** Folds an event into the state of a turn. */
export function foldEvent(state: TurnState, event: RunEvent): TurnState {
  switch (event.type) {
    case 'turn.accepted':
    case 'notice':
      return state;
    case 'turn.ended':
      return { status: event.result.outcome, openPermissions: [] };
    case 'credential.awaited':
      return { status: 'waiting-for-credential', openPermissions: [] };
    case 'credential.supplied':
      return NEW_TURN;
    case 'permission.requested':
      return active([...without(state, event.requestId), event.requestId]);
    case 'permission.answered':
      return active(without(state, event.requestId));
    default:
      return active(state.openPermissions);
  }
}

function active(openPermissions: readonly string[]): TurnState {
  return { status: openPermissions.length > 0 ? 'waiting-for-permission' : 'running', openPermissions };
}

function without(state: TurnState, requestId: string): string[] {
  return state.openPermissions.filter((open) => open !== requestId);
}

const PREVIEW_CHARS = 200;

/** The first characters of a prompt, on one line. */
export function previewOf(prompt: string): string {
  // Cut before the white space is folded: a prompt may be a megabyte of it.
  const start = prompt.trimStart().slice(0, PREVIEW_CHARS * 4);
  return start.replace(/\s+/g, ' ').trim().slice(0, PREVIEW_CHARS).toWellFormed();
}

/** Two submissions of one turn id are the same when their bodies hash alike. */
export function bodyHash(params: Params<'turns.submit'>): string {
  const { agentId, projectDir, prompt, model, sessionId, permissionMode } = params;
  const asked = [agentId, projectDir ?? null, prompt, model ?? null, sessionId ?? null];
  // A submission without a mode hashes as it did before turns had modes.
  const body = JSON.stringify(permissionMode === undefined ? asked : [...asked, permissionMode]);
  return createHash('sha256').update(body).digest('hex');
}
