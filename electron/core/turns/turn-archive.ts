import type { RunEvent, StoredRunEvent } from '../../../shared/model/run-event.ts';
import { EMPTY_TRANSCRIPT, foldEvents, foldedOf, type Transcript } from '../../../shared/transcript/fold.ts';
import { type Database, explaining } from '../storage/database/database.ts';

/** Rows that one step reads or deletes, and pages that it gives back: a step stays well below a frame. */
const STEP_ROWS = 500;
const STEP_PAGES = 64;

export type TurnArchive = ReturnType<typeof createTurnArchive>;

/** Turns that ended, on their way from events to a transcript. Every method is one short step. */
export function createTurnArchive({ sql }: Pick<Database, 'sql'>) {
  const oldest = sql.prepare<[number], { turn_id: string; ended_at: number }>(
    `SELECT turn_id, ended_at FROM turn WHERE keeps_events = 1 AND ended_at <= ? ORDER BY ended_at LIMIT 1`,
  );
  const next = sql
    .prepare<[], number | null>('SELECT MIN(ended_at) FROM turn WHERE keeps_events = 1 AND ended_at IS NOT NULL')
    .pluck();
  const page = sql.prepare<[string, number], { seq: number; at: number; event: string }>(
    `SELECT seq, at, event FROM run_event WHERE turn_id = ? AND seq > ? ORDER BY seq LIMIT ${STEP_ROWS}`,
  );
  const hasTranscript = sql.prepare('SELECT 1 FROM turn_transcript WHERE turn_id = ?');
  const insertTranscript = sql.prepare(
    `INSERT INTO turn_transcript (turn_id, transcript) SELECT @turnId, @transcript
     WHERE EXISTS (SELECT 1 FROM turn WHERE turn_id = @turnId) ON CONFLICT (turn_id) DO NOTHING`,
  );
  const deleteEvents = sql.prepare(
    `DELETE FROM run_event WHERE turn_id = @turnId
     AND seq IN (SELECT seq FROM run_event WHERE turn_id = @turnId ORDER BY seq LIMIT ${STEP_ROWS})`,
  );
  const noteGone = sql.prepare('UPDATE turn SET keeps_events = 0 WHERE turn_id = ?');
  const pragma = (name: string) => sql.pragma(name, { simple: true }) as number;

  const explained = explaining(sql.name);

  return {
    /** The turn that ended first, at or before this time, and still has its events. */
    oldestEndedBefore(time: number): string | undefined {
      return oldest.get(time)?.turn_id;
    },
    /** When the first of those ended. */
    firstEnd: (): number | undefined => next.get() ?? undefined,
    hasTranscript: (turnId: string): boolean => hasTranscript.get(turnId) !== undefined,
    /** Folds the next events in; the same transcript comes back when there are no more. */
    foldStep(turnId: string, transcript: Transcript = EMPTY_TRANSCRIPT): Transcript {
      const events = page
        .all(turnId, transcript.seq)
        .map(({ seq, at, event }): StoredRunEvent => ({ turnId, seq, at, event: JSON.parse(event) as RunEvent }));
      return foldEvents(transcript, events).transcript;
    },
    saveTranscript(turnId: string, transcript: Transcript): void {
      explained(() => insertTranscript.run({ turnId, transcript: JSON.stringify(foldedOf(transcript)) }));
    },
    /** Deletes the first events of a turn that has its transcript. False when none is left, which is noted then. */
    deleteStep(turnId: string): boolean {
      return explained(() => {
        if (deleteEvents.run({ turnId }).changes > 0) return true;
        noteGone.run(turnId);
        return false;
      });
    },
    /** Bytes of the file that hold something. */
    usedBytes: (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size'),
    /** Gives free pages back to the disk. False when there is nothing to give. */
    vacuumStep(): boolean {
      // A file from before incremental vacuum keeps its free pages, and fills them again.
      if (pragma('auto_vacuum') !== 2 || pragma('freelist_count') === 0) return false;
      explained(() => sql.pragma(`incremental_vacuum(${STEP_PAGES})`));
      return true;
    },
  };
}
