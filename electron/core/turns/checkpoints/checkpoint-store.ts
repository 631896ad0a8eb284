import { type Database, explaining } from '../../storage/database/database.ts';

/** The files of a working directory before a turn and after it, as trees of its shadow repository. */
interface Checkpoint {
  readonly turnId: string;
  readonly projectDir: string;
  readonly before: string;
  readonly after: string;
  /** How many of them the turn changed. */
  readonly files: number;
  readonly undone: boolean;
}

interface Row {
  turn_id: string;
  project_dir: string;
  before_tree: string;
  after_tree: string;
  files: number;
  undone: number;
}

export type CheckpointStore = ReturnType<typeof createCheckpointStore>;

/** Writing raises PerchError DISK_FULL, DATABASE_LOCKED, DATABASE_CORRUPT. */
export function createCheckpointStore({ sql }: Pick<Database, 'sql'>) {
  const select = `SELECT checkpoint.*, turn.project_dir FROM checkpoint JOIN turn USING (turn_id)`;
  const read = sql.prepare<[string], Row>(`${select} WHERE turn_id = ?`);
  const readIds = sql.prepare<[], string>('SELECT turn_id FROM checkpoint').pluck();
  const insert = sql.prepare(
    `INSERT INTO checkpoint (turn_id, before_tree, after_tree, files)
     SELECT @turnId, @before, @after, @files WHERE EXISTS (SELECT 1 FROM turn WHERE turn_id = @turnId)`,
  );
  const setUndone = sql.prepare('UPDATE checkpoint SET undone = @undone WHERE turn_id = @turnId');
  const deleteOld = sql.prepare(
    'DELETE FROM checkpoint WHERE turn_id IN (SELECT turn_id FROM turn WHERE ended_at IS NOT NULL AND ended_at < ?)',
  );
  const explained = explaining(sql.name);
  return {
    get(turnId: string): Checkpoint | undefined {
      const row = read.get(turnId);
      return (
        row && {
          turnId: row.turn_id,
          projectDir: row.project_dir,
          before: row.before_tree,
          after: row.after_tree,
          files: row.files,
          undone: row.undone === 1,
        }
      );
    },
    ids: (): ReadonlySet<string> => new Set(readIds.all()),
    add: (checkpoint: Pick<Checkpoint, 'turnId' | 'before' | 'after' | 'files'>): void =>
      void explained(() => insert.run(checkpoint)),
    setUndone: (turnId: string, undone: boolean): void =>
      void explained(() => setUndone.run({ turnId, undone: undone ? 1 : 0 })),
    /** Deletes the checkpoints of turns that ended before this time. */
    deleteBefore: (time: number): void => void explained(() => deleteOld.run(time)),
  };
}
