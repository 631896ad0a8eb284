import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import { createKeyedMutex } from '../../../node/mutex.ts';
import { contains, realOrSame } from '../../../node/paths.ts';
import type { Database } from '../../storage/database/database.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import type { TurnCheckpoints } from '../ports.ts';
import { CheckpointProblem } from './git.ts';
import { createShadowRepository, type ShadowRepository } from './shadow-repository.ts';
import { createCheckpointStore } from './store.ts';

/** Milliseconds after a turn's end in which it can be undone. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** A folder that took too long so often in a row is not waited for again before the next start. */
const MAX_SLOW = 3;
/** Milliseconds that the end of Perch waits for the second side of a turn. */
const SETTLED_MS = 4000;

/** The agents that run, and the way to stop those that wait. */
export interface RunningSessions {
  openSessions(): readonly { readonly projectDir: string; readonly turnId?: string }[];
  closeSessionsOf(predicate: (session: { readonly projectDir: string }) => boolean): Promise<void>;
}

interface CheckpointTurn {
  readonly turnId: string;
  readonly projectDir: string;
}

export interface Checkpoints extends TurnCheckpoints {
  /** @throws PerchError CHECKPOINT_MISSING, CHECKPOINT_FAILED */
  changes(turnId: string): Promise<Result<'turns.changes'>>;
  /**
   * Takes back what the turn changed, or brings it again. What was changed since is left, unless it is to go as well.
   * @throws PerchError CHECKPOINT_MISSING, CHECKPOINT_BUSY, CHECKPOINT_FAILED
   */
  undo(params: Params<'turns.undo'>, sessions: RunningSessions): Promise<Result<'turns.undo'>>;
  /** Where the files of a working directory are kept, or would be. */
  folderOf(projectDir: string): string;
  /** Removes what belongs to no turn any more. */
  tidy(): Promise<void>;
  /** When no turn is between its two sides any more; a turn that has just ended may be. Bounded, never rejects. */
  settled(): Promise<void>;
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
  const { folder, findGit, clock, log, onChange } = options;
  const store = createCheckpointStore(options.database);
  const repositories = new Map<string, ShadowRepository>();
  /** The work in each working directory's repository runs in order. */
  const queues = createKeyedMutex();
  const started = new Map<string, string>();
  const slow = new Map<string, number>();
  let onSettled = () => {};

  const folderOf = (projectDir: string): string =>
    join(folder, createHash('sha256').update(realOrSame(projectDir)).digest('hex').slice(0, 32));

  async function repositoryOf(projectDir: string): Promise<ShadowRepository> {
    const known = repositories.get(projectDir);
    if (known !== undefined) return known;
    const git = await findGit(projectDir);
    if (git === undefined) throw new CheckpointProblem('no-git');
    const made = createShadowRepository({ git, gitDir: folderOf(projectDir), workTree: projectDir });
    repositories.set(projectDir, made);
    return made;
  }

  function inTurn<T>(projectDir: string, work: (repository: ShadowRepository) => Promise<T>): Promise<T> {
    return queues.run(projectDir, async () => work(await repositoryOf(projectDir)));
  }

  function problemOf(error: unknown, turn: CheckpointTurn): CheckpointProblem {
    const problem = error instanceof CheckpointProblem ? error : new CheckpointProblem('git-failed', String(error));
    const message = `no checkpoint of ${turn.projectDir}: ${problem.message}`;
    log.write({ level: 'warn', source: 'checkpoints', message, turnId: turn.turnId });
    return problem;
  }

  function explained(error: unknown): unknown {
    if (!(error instanceof CheckpointProblem)) return error;
    return new PerchError('CHECKPOINT_FAILED', { reason: error.told || error.reason });
  }

  function checkpointOf(turnId: string) {
    const checkpoint = store.get(turnId);
    if (checkpoint === undefined) throw new PerchError('CHECKPOINT_MISSING');
    return checkpoint;
  }

  /** The files that the turn changed, and those among them that changed again since. */
  async function look(repository: ShadowRepository, turnId: string) {
    const { before, after, undone } = checkpointOf(turnId);
    const [from, to] = undone ? [after, before] : [before, after];
    const changes = await repository.changes(from, to);
    const now = new Set((await repository.changes(to, await repository.snapshot())).map(({ path }) => path));
    return { from, undone, files: changes.map((file) => ({ ...file, changedSince: now.has(file.path) })) };
  }

  async function stopSessionsIn(projectDir: string, sessions: RunningSessions): Promise<void> {
    const touches = (other: string) => contains(projectDir, other) || contains(other, projectDir);
    if (sessions.openSessions().some((session) => session.turnId !== undefined && touches(session.projectDir))) {
      throw new PerchError('CHECKPOINT_BUSY');
    }
    // An agent that waits may have left something running: only Perch may write there while files come and go.
    await sessions.closeSessionsOf((session) => touches(session.projectDir));
  }

  return {
    folderOf,
    async before(turn) {
      const { turnId, projectDir } = turn;
      const slowBefore = slow.get(projectDir) ?? 0;
      try {
        if (slowBefore >= MAX_SLOW) throw new CheckpointProblem('too-slow');
        started.set(turnId, await inTurn(projectDir, (repository) => repository.snapshot()));
        slow.delete(projectDir);
        return undefined;
      } catch (error) {
        const { reason, told } = problemOf(error, turn);
        if (reason === 'too-slow') slow.set(projectDir, slowBefore + 1);
        return { level: 'info', key: `notice.no-checkpoint-${reason}`, values: told === '' ? {} : { told } };
      }
    },
    async after(turn) {
      const { turnId, projectDir } = turn;
      const before = started.get(turnId);
      if (before === undefined) return;
      try {
        await inTurn(projectDir, async (repository) => {
          const after = await repository.snapshot();
          const files = (await repository.changes(before, after)).length;
          if (files === 0) return;
          await repository.keep(turnId, [before, after]);
          store.add({ turnId, before, after, files });
          onChange();
        });
      } catch (error) {
        problemOf(error, turn);
      } finally {
        started.delete(turnId);
        if (started.size === 0) onSettled();
      }
    },
    async settled() {
      if (started.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onSettled = resolve;
      const stopTimer = clock.after(SETTLED_MS, resolve);
      await promise;
      stopTimer();
    },
    async changes(turnId) {
      const { projectDir } = checkpointOf(turnId);
      try {
        const { files, undone } = await inTurn(projectDir, (repository) => look(repository, turnId));
        return { files, undone };
      } catch (error) {
        throw explained(error);
      }
    },
    async undo({ turnId, undone, alsoChanged }, sessions) {
      const { projectDir } = checkpointOf(turnId);
      try {
        return await inTurn(projectDir, async (repository) => {
          await stopSessionsIn(projectDir, sessions);
          const seen = await look(repository, turnId);
          // Asked twice, it is done once.
          if (seen.undone === undone) return { files: seen.files.length, left: [] };
          const going = seen.files.filter(({ changedSince }) => alsoChanged || !changedSince);
          await repository.restore(seen.from, going);
          store.setUndone(turnId, undone);
          onChange();
          const left = seen.files.filter((file) => !going.includes(file)).map(({ path }) => path);
          log.write({ level: 'info', source: 'checkpoints', message: `${going.length} files were restored`, turnId });
          return { files: going.length, left };
        });
      } catch (error) {
        throw explained(error);
      }
    },
    async tidy() {
      store.deleteBefore(clock.now() - KEPT_MS);
      onChange();
      if (!existsSync(folder)) return;
      const kept = store.ids();
      for (const name of readdirSync(folder)) {
        const gitDir = join(folder, name);
        const refs = join(gitDir, 'refs', 'checkpoints');
        const gone = existsSync(refs) ? readdirSync(refs).filter((turnId) => !kept.has(turnId)) : [];
        if (gone.length === 0) continue;
        try {
          const git = await findGit(gitDir);
          if (git !== undefined) await createShadowRepository({ git, gitDir, workTree: gitDir }).drop(gone);
        } catch (error) {
          log.write({ level: 'warn', source: 'checkpoints', message: `${gitDir} was not tidied: ${error}` });
        }
      }
    },
  };
}
