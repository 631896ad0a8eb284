import type { TurnSummary } from './run-event.ts';
import { isEnded } from './turn-ended.ts';

/** The turns that an end of Perch would cut off. A turn that waits for a credential goes on after the next start. */
export function runningTurns<Turn extends Pick<TurnSummary, 'status'>>(turns: readonly Turn[]): Turn[] {
  return turns.filter(({ status }) => !isEnded(status) && status !== 'waiting-for-credential');
}

/** True when one of them makes progress by itself, rather than waiting for the user. */
export function isAnyAtWork(turns: readonly TurnSummary[]): boolean {
  return turns.some(({ status }) => status === 'accepted' || status === 'running');
}
