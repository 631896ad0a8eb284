import type { StoredRunEvent } from '../../../shared/model/run-event.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { Clock } from '../ports.ts';
import { logFailure } from './failure.ts';
import type { TurnStore } from './turn-store.ts';

/** Gives every turn that an earlier process left open its end: nobody knows how it went. */
export function endLostTurns(options: {
  store: TurnStore;
  logs: LogStore;
  clock: Clock;
  isActive: (turnId: string) => boolean;
  onRunEvent: (stored: StoredRunEvent) => void;
}): void {
  const { store, logs, clock, isActive, onRunEvent } = options;
  for (const { turnId, sessionId } of store.open()) {
    if (isActive(turnId)) continue;
    const cause = { error: { code: 'TURN_LOST', values: {} } } as const;
    const failure = logFailure({ logs, sessionId, turnId, cause, begins: undefined });
    const event = { type: 'turn.ended', result: { outcome: 'lost', failure } } as const;
    const stored = store.append({ turnId, event, at: clock.now(), status: 'lost' });
    if (stored !== undefined) onRunEvent(stored);
  }
}
