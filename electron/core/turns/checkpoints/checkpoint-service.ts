import type { Clock } from '../../../node/clock.ts';
import type { Database } from '../../storage/database/database.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import { createCheckpointStore } from './checkpoint-store.ts';
import { type CheckpointRecorder, createCheckpointRecorder } from './recorder.ts';
import { createRepositories } from './repositories.ts';
import { createUndo, type Undo } from './undo.ts';

/** Milliseconds after a turn's end in which it can be undone. */
const KEPT_MS = 7 * 24 * 3_600_000;

export interface Checkpoints extends CheckpointRecorder, Undo {
  /** Where the files of a working directory are kept, or would be. */
  folderOf(projectDir: string): string;
  /** Removes what belongs to no turn any more. */
  tidy(): Promise<void>;
}

/** The files of working directories before and after each turn. */
export function createCheckpoints(options: {
  readonly database: Database;
  /** Perch's own folder for them. */
  readonly folder: string;
  /** The user's git, for this folder; undefined: there is none. */
  readonly findGit: (projectDir: string) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: LogWriter;
  /** A turn can be undone now, or was, or not any more. */
  readonly onChange: () => void;
}): Checkpoints {
  const { clock, log, onChange } = options;
  const store = createCheckpointStore(options.database);
  const repositories = createRepositories(options);

  return {
    folderOf: repositories.folderOf,
    ...createCheckpointRecorder({ store, repositories, clock, log, onChange }),
    ...createUndo({ store, repositories, log, onChange }),
    async tidy() {
      store.deleteBefore(clock.now() - KEPT_MS);
      onChange();
      await repositories.keepOnly(store.ids());
    },
  };
}
