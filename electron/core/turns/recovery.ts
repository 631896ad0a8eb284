import type { StoredRunEvent, TurnOutcome, TurnSummary } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import { logFailure } from './failure.ts';
import type { TurnStore } from './turn-store.ts';

/**
 * Gives every turn that an earlier process left without an end its end: an open turn is lost, with an unknown outcome;
 * a turn whose row holds its outcome gets the event that says so.
 */
export function endLostTurns(options: {
  store: TurnStore;
  logs: LogStore;
  clock: Clock;
  isActive: (turnId: string) => boolean;
  onRunEvent: (stored: StoredRunEvent) => void;
}): void {
  const { store, logs, clock, isActive, onRunEvent } = options;
  for (const turn of store.withoutEnd()) {
    const { turnId, endedAt } = turn;
    const event = { type: 'turn.ended', result: outcomeOf(turn) } as const;
    const stored = store.appendMissingEnd({ turnId, event, at: endedAt ?? clock.now(), status: turn.status });
    if (stored !== undefined) onRunEvent(stored);
  }
  for (const { turnId, sessionId } of store.open()) {
    if (isActive(turnId) || store.closeAsRecorded(turnId)) continue;
    const cause = { error: { code: 'TURN_LOST', values: {} } } as const;
    const failure = logFailure({ logs, sessionId, turnId, cause, trouble: {} });
    const event = { type: 'turn.ended', result: { outcome: 'lost', failure } } as const;
    const stored = store.append({ turnId, event, at: clock.now(), status: 'lost' });
    if (stored !== undefined) onRunEvent(stored);
  }
}

/** Why it failed may be gone with its event. */
function outcomeOf({ status, failure }: TurnSummary): TurnOutcome {
  const known = failure ?? { error: { code: 'TURN_LOST', values: {} }, lastLines: [] };
  if (status === 'completed') return { outcome: 'completed', stopReason: 'end_turn' };
  if (status === 'cancelled') return { outcome: 'cancelled' };
  return { outcome: status === 'failed' ? 'failed' : 'lost', failure: known };
}
