import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { contains } from '../../../node/paths.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { CheckpointProblem } from './git.ts';
import type { Repositories } from './repositories.ts';
import type { ShadowRepository } from './shadow-repository.ts';

/** The agents that run, and the way to stop those that wait. */
export interface RunningSessions {
  openSessions(): readonly { readonly projectDir: string; readonly turnId?: string }[];
  closeSessionsOf(predicate: (session: { readonly projectDir: string }) => boolean): Promise<void>;
}

export interface Undo {
  /** @throws PerchError CHECKPOINT_MISSING, CHECKPOINT_FAILED */
  changes(turnId: string): Promise<Result<'turns.changes'>>;
  /**
   * Takes back what the turn changed, or brings it again. What was changed since is left, unless it is to go as well.
   * @throws PerchError CHECKPOINT_MISSING, CHECKPOINT_BUSY, CHECKPOINT_FAILED
   */
  undo(params: Params<'turns.undo'>, sessions: RunningSessions): Promise<Result<'turns.undo'>>;
}

/** Lists what a turn changed, and takes it back. */
export function createUndo(options: {
  readonly store: Pick<CheckpointStore, 'get' | 'setUndone'>;
  readonly repositories: Pick<Repositories, 'run'>;
  readonly log: LogWriter;
  /** A turn was undone, or not any more. */
  readonly onChange: () => void;
}): Undo {
  const { store, repositories, log, onChange } = options;

  function checkpointOf(turnId: string) {
    const checkpoint = store.get(turnId);
    if (checkpoint === undefined) throw new PerchError('CHECKPOINT_MISSING');
    return checkpoint;
  }

  /** The files that the turn changed, and those among them that changed again since. */
  async function changedFiles(repository: ShadowRepository, turnId: string) {
    const { before, after, undone } = checkpointOf(turnId);
    const [from, to] = undone ? [after, before] : [before, after];
    const changes = await repository.changes(from, to);
    const now = new Set((await repository.changes(to, await repository.snapshot())).map(({ path }) => path));
    return { from, undone, files: changes.map((file) => ({ ...file, changedSince: now.has(file.path) })) };
  }

  /** @throws PerchError CHECKPOINT_*, the rest as it came */
  async function explaining<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CheckpointProblem)) throw error;
      throw new PerchError('CHECKPOINT_FAILED', { reason: error.told || error.reason });
    }
  }

  return {
    async changes(turnId) {
      const { projectDir } = checkpointOf(turnId);
      const work = (repository: ShadowRepository) => changedFiles(repository, turnId);
      const { files, undone } = await explaining(() => repositories.run(projectDir, work));
      return { files, undone };
    },
    async undo({ turnId, undone, alsoChanged }, sessions) {
      const { projectDir } = checkpointOf(turnId);
      const work = async (repository: ShadowRepository) => {
        await stopSessionsIn(projectDir, sessions);
        const seen = await changedFiles(repository, turnId);
        // Asked twice, it is done once.
        if (seen.undone === undone) return { files: seen.files.length, left: [] };
        const going = seen.files.filter(({ changedSince }) => alsoChanged || !changedSince);
        await repository.restore(seen.from, going);
        store.setUndone(turnId, undone);
        onChange();
        const left = seen.files.filter((file) => !going.includes(file)).map(({ path }) => path);
        log.write({ level: 'info', source: 'checkpoints', message: `${going.length} files were restored`, turnId });
        return { files: going.length, left };
      };
      return explaining(() => repositories.run(projectDir, work));
    },
  };
}

async function stopSessionsIn(projectDir: string, sessions: RunningSessions): Promise<void> {
  const touches = (other: string) => contains(projectDir, other) || contains(other, projectDir);
  if (sessions.openSessions().some((session) => session.turnId !== undefined && touches(session.projectDir))) {
    throw new PerchError('CHECKPOINT_BUSY');
  }
  // An agent that waits may have left something running: only Perch may write there while files come and go.
  await sessions.closeSessionsOf((session) => touches(session.projectDir));
}
