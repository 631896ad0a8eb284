import type { TurnOutcome } from '../../../shared/model/run-event.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import { type ActiveTurn, credentialUseOf } from './active-turn.ts';
import {
  type BillingPageOf,
  type Cause,
  causeOf,
  causeOfResult,
  logFailure,
  namingBilling,
  namingWhom,
} from './failure.ts';
import type { CredentialUseNotes } from './ports.ts';
import type { Recorder } from './recorder.ts';

export type Ending = ReturnType<typeof createEnding>;

/**
 * Ends turns. The first end decides how a turn ended, and later ones change nothing. The turn's phase guards it in this
 * process, the store's transaction guards it for good.
 */
export function createEnding(options: {
  recorder: Recorder;
  logs: LogStore;
  credentialUse: Pick<CredentialUseNotes, 'rejected'>;
  nameOf: (agentId: string, projectDir: string) => string;
  billingPageOf: BillingPageOf;
  onEnded: (turn: ActiveTurn) => void;
  /** The database did not take the end. */
  onUnsaved: (turn: ActiveTurn, outcome: TurnOutcome) => void;
}) {
  const { recorder, logs, credentialUse, nameOf, billingPageOf, onEnded, onUnsaved } = options;

  function end(turn: ActiveTurn, outcome: () => TurnOutcome): void {
    if (turn.phase === 'ended') return;
    turn.phase = 'ended';
    turn.launch = undefined;
    try {
      turn.outcome = outcome();
      save(turn, turn.outcome);
    } catch (error) {
      reportInternal(logs, turn, `The end of a turn could not be saved: ${describe(error)}`);
      if (turn.outcome !== undefined) onUnsaved(turn, turn.outcome);
    }
    onEnded(turn);
    turn.finished.resolve();
  }

  function save(turn: ActiveTurn, outcome: TurnOutcome): void {
    if (!recorder.record(turn, { type: 'turn.ended', result: outcome })) return;
    say(turn, outcome);
    noteRefusal(turn, outcome);
  }

  function failure(turn: ActiveTurn, told: Cause) {
    const named = namingWhom(told, turn, nameOf(turn.agentId, turn.projectDir));
    const cause = namingBilling(named, turn, billingPageOf);
    const { sessionId, turnId, trouble } = turn;
    return logFailure({ logs, sessionId, turnId, cause, trouble });
  }

  /** A failure wrote its own line already: it points there. */
  function say({ sessionId, turnId }: ActiveTurn, outcome: TurnOutcome): void {
    if (outcome.outcome !== 'completed' && outcome.outcome !== 'cancelled') return;
    const message = outcome.outcome === 'completed' ? 'The turn completed' : cancelledBecause(outcome);
    logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message, turnId });
  }

  /** Afterwards: a trail that cannot be written to takes no turn its end. */
  function noteRefusal(turn: ActiveTurn, outcome: TurnOutcome): void {
    if (!wasRefused(outcome)) return;
    try {
      credentialUse.rejected(credentialUseOf(turn));
    } catch (error) {
      reportInternal(logs, turn, `A rejected credential could not be noted: ${describe(error)}`);
    }
  }

  const ending = {
    /** Writes down how a turn ended. Throws the database's error. */
    save,
    completed: (turn: ActiveTurn, stopReason: string) => end(turn, () => ({ outcome: 'completed', stopReason })),
    cancelled: (turn: ActiveTurn, how: CancelledHow = {}) => end(turn, () => ({ outcome: 'cancelled', ...how })),
    failed: (turn: ActiveTurn, cause: Cause) => end(turn, () => ({ outcome: 'failed', failure: failure(turn, cause) })),
    lost: (turn: ActiveTurn, cause: Cause) => end(turn, () => ({ outcome: 'lost', failure: failure(turn, cause) })),
    /** Ends the turn as the runner answered the prompt. */
    answered(turn: ActiveTurn, result: PromptResult): void {
      if (result.outcome === 'completed') ending.completed(turn, result.stopReason);
      else if (result.outcome === 'cancelled') {
        const { outcome: _, ...how } = result;
        ending.cancelled(turn, turn.cancelRequested ? {} : how);
      } else ending.failed(turn, causeOfResult(result));
    },
    /** Ends the turn after an error: lost when the agent had the prompt and the runner died under it. */
    threw(turn: ActiveTurn, error: unknown): void {
      const cause = causeOf(error);
      if (cause.error.code === 'INTERNAL') reportInternal(logs, turn, describe(error));
      if (turn.cancelRequested) ending.cancelled(turn);
      else if (turn.phase === 'prompting' && RUNNER_DIED.has(cause.error.code)) ending.lost(turn, lostBecause(cause));
      else ending.failed(turn, cause);
    },
  };
  return ending;
}

/** For the log, which tells an agent's own end apart from the user's as the window and the command line do. */
function cancelledBecause({ by, declined }: CancelledHow): string {
  if (declined !== undefined) return `The user declined "${declined}", and the agent ended the turn`;
  return by === 'agent' ? 'The agent ended the turn before it was done' : 'The turn was cancelled';
}

type CancelledHow = Omit<Extract<TurnOutcome, { outcome: 'cancelled' }>, 'outcome'>;

/** The provider did not take the credentials that the agent holds. */
function wasRefused(outcome: TurnOutcome): boolean {
  return outcome.outcome === 'failed' && outcome.failure.error.code === 'BYOK_CREDENTIAL_INVALID';
}

/** The progress of a prompt in an agent's hands is unknown then. NOT_CONNECTED: the runner was restarted. */
const RUNNER_DIED: ReadonlySet<string> = new Set(['RUNNER_CRASHED', 'RUNNER_UNRESPONSIVE', 'RUNNER_NOT_CONNECTED']);

function lostBecause({ error }: Cause): Cause {
  return { error: { code: 'TURN_LOST', values: {}, details: { because: error.code } } };
}

function reportInternal(logs: LogStore, { turnId }: ActiveTurn, message: string): void {
  logs.writer('core').write({ level: 'error', source: 'turns', message, turnId });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
