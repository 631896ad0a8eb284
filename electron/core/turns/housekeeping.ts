import type { Transcript } from '../../../shared/transcript/fold.ts';
import type { Clock } from '../../node/clock.ts';
import type { TurnArchive } from './turn-archive.ts';

/** Milliseconds that a turn keeps its events after its end, whatever the limits say. */
export const REACHABLE_MS = 10 * 60_000;
/** Milliseconds between two steps. */
export const STEP_PAUSE_MS = 20;
/** Milliseconds without a turn before the first step. */
export const IDLE_BEFORE_MS = 5000;

export interface KeepingLimits {
  readonly keepEventsHours: number;
  readonly maxEventsMb: number;
}

interface Housekeeping {
  /** Looks again: at the start, after a turn, when a limit changed. */
  wake(): void;
  stop(): void;
}

/**
 * Folds the events of old turns into transcripts and gives the space back, in short steps, and only while no turn
 * runs. With nothing to do it sleeps until the next turn is due.
 */
export function createHousekeeping(options: {
  archive: TurnArchive;
  clock: Clock;
  limits: () => KeepingLimits;
  isIdle: () => boolean;
  onFailure: (error: unknown) => void;
}): Housekeeping {
  const { archive, clock, limits, isIdle, onFailure } = options;
  let stopTimer: (() => void) | undefined;
  let stopped = false;
  let folding: { readonly turnId: string; readonly transcript: Transcript } | undefined;

  function schedule(delayMs: number): void {
    stopTimer?.();
    stopTimer = stopped ? undefined : clock.after(delayMs, tick);
  }

  /** The turn whose events go next. */
  function due(): string | undefined {
    const { keepEventsHours, maxEventsMb } = limits();
    const keepMs = Math.max(REACHABLE_MS, keepEventsHours * 3_600_000);
    const old = archive.oldestEndedBefore(clock.now() - keepMs);
    if (old !== undefined) return old;
    if (archive.usedBytes() <= maxEventsMb * 1024 * 1024) return undefined;
    return archive.oldestEndedBefore(clock.now() - REACHABLE_MS);
  }

  /** False when there is nothing left to do now. */
  function step(): boolean {
    const turnId = folding?.turnId ?? due();
    if (turnId === undefined) return archive.vacuumStep();
    if (archive.hasTranscript(turnId)) {
      folding = undefined;
      archive.deleteStep(turnId);
      return true;
    }
    const transcript = archive.foldStep(turnId, folding?.transcript);
    if (transcript !== folding?.transcript) {
      folding = { turnId, transcript };
      return true;
    }
    folding = undefined;
    archive.saveTranscript(turnId, transcript);
    return true;
  }

  function tick(): void {
    stopTimer = undefined;
    // The end of the turn wakes us again.
    if (!isIdle()) return;
    try {
      if (step()) schedule(STEP_PAUSE_MS);
      else sleep();
    } catch (error) {
      folding = undefined;
      onFailure(error);
      schedule(REACHABLE_MS);
    }
  }

  /** Until the first turn is old enough; the size is looked at again after every turn. */
  function sleep(): void {
    const first = archive.firstEnd();
    if (first === undefined) return;
    const tooLarge = archive.usedBytes() > limits().maxEventsMb * 1024 * 1024;
    const due = first + Math.max(REACHABLE_MS, limits().keepEventsHours * 3_600_000);
    // Not below a minute: a clock that was set back must not make a busy loop of it.
    schedule(tooLarge ? REACHABLE_MS : Math.max(60_000, due - clock.now()));
  }

  return {
    wake: () => schedule(IDLE_BEFORE_MS),
    stop() {
      stopped = true;
      stopTimer?.();
    },
  };
}
