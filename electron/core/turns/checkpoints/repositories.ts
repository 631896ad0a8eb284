import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyedMutex } from '../../../node/mutex.ts';
import { realOrSame } from '../../../node/paths.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import { CheckpointProblem } from './git.ts';
import { createShadowRepository, type ShadowRepository } from './shadow-repository.ts';

export type Repositories = ReturnType<typeof createRepositories>;

/** The shadow repositories of all working directories, one folder each below Perch's own. */
export function createRepositories(options: {
  readonly folder: string;
  /** The user's git, for this folder; undefined: there is none. */
  readonly findGit: (projectDir: string) => Promise<string | undefined>;
  readonly log: LogWriter;
}) {
  const { folder, findGit, log } = options;
  const opened = new Map<string, ShadowRepository>();
  /** The work in each working directory's repository runs in order. */
  const queues = createKeyedMutex();

  const folderOf = (projectDir: string): string =>
    join(folder, createHash('sha256').update(realOrSame(projectDir)).digest('hex').slice(0, 32));

  async function repositoryOf(projectDir: string): Promise<ShadowRepository> {
    const known = opened.get(projectDir);
    if (known !== undefined) return known;
    const git = await findGit(projectDir);
    if (git === undefined) throw new CheckpointProblem('no-git');
    const repository = createShadowRepository({ git, gitDir: folderOf(projectDir), workTree: projectDir });
    opened.set(projectDir, repository);
    return repository;
  }

  async function drop(gitDir: string, turnIds: readonly string[]): Promise<void> {
    try {
      const git = await findGit(gitDir);
      if (git !== undefined) await createShadowRepository({ git, gitDir, workTree: gitDir }).drop(turnIds);
    } catch (error) {
      log.write({ level: 'warn', source: 'checkpoints', message: `${gitDir} was not tidied: ${error}` });
    }
  }

  return {
    /** Where the files of a working directory are kept, or would be. */
    folderOf,
    /** @throws CheckpointProblem */
    run<T>(projectDir: string, work: (repository: ShadowRepository) => Promise<T>): Promise<T> {
      return queues.run(projectDir, async () => work(await repositoryOf(projectDir)));
    },
    /** Removes the files of all turns but these. A repository where that fails is left for the next time. */
    async keepOnly(turnIds: ReadonlySet<string>): Promise<void> {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) {
        const gitDir = join(folder, name);
        const refs = join(gitDir, 'refs', 'checkpoints');
        const gone = existsSync(refs) ? readdirSync(refs).filter((turnId) => !turnIds.has(turnId)) : [];
        if (gone.length > 0) await drop(gitDir, gone);
      }
    },
  };
}
