import type { TurnOutcome, TurnSummary } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { ActiveTurn } from './active-turn.ts';

/** Milliseconds between two tries. Nothing tells that a disk has room again. */
export const SAVE_AGAIN_MS = 5_000;

/**
 * Turns that have ended while the database took nothing: the disk is full, or another process holds the file. Callers
 * get their end all the same, and the end is saved as soon as that works. Should this process end before, the next one
 * finds them without an end, and calls them lost.
 */
export function createUnsavedEnds(options: {
  clock: Clock;
  /** Throws as long as the database does not take it. */
  save: (turn: ActiveTurn, outcome: TurnOutcome) => void;
  /** A turn has ended for those who ask. */
  onChange: () => void;
}) {
  const { clock, save, onChange } = options;
  const unsaved = new Map<string, { turn: ActiveTurn; outcome: TurnOutcome; at: number }>();
  let stopTimer: (() => void) | undefined;

  function saveAll(): void {
    stopTimer?.();
    stopTimer = undefined;
    for (const [turnId, { turn, outcome }] of unsaved) {
      try {
        save(turn, outcome);
      } catch {
        // The log has said since the turn's end that it could not be saved.
        break;
      }
      unsaved.delete(turnId);
    }
    if (unsaved.size > 0) stopTimer = clock.after(SAVE_AGAIN_MS, saveAll);
  }

  return {
    keep(turn: ActiveTurn, outcome: TurnOutcome): void {
      unsaved.set(turn.turnId, { turn, outcome, at: clock.now() });
      stopTimer ??= clock.after(SAVE_AGAIN_MS, saveAll);
      onChange();
    },
    /** The turn as it ended, whatever the database says. */
    asEnded(summary: TurnSummary): TurnSummary {
      const end = unsaved.get(summary.turnId);
      if (end === undefined) return summary;
      const { outcome, at } = end;
      return {
        ...summary,
        status: outcome.outcome,
        endedAt: at,
        ...('failure' in outcome ? { failure: outcome.failure } : {}),
      };
    },
    /** Tries for the last time. */
    dispose(): void {
      saveAll();
      stopTimer?.();
    },
  };
}
