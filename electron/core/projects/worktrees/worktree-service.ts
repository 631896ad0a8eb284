import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { refuseTooWide, resolveProject } from '../directory.ts';
import type { OwnPlaces } from '../width.ts';
import { GIT_LIMIT_MS, type Git, type GitAnswer } from './git.ts';

export interface Worktrees {
  /**
   * Checks whether a worktree could be made of this folder.
   * @throws PerchError PROJECT_*, GIT_*, WORKTREE_NO_REPOSITORY, WORKTREE_NO_COMMIT, WORKTREE_FAILED
   */
  check(projectDir: string): Promise<void>;
  /**
   * A copy of the last commit's files beside the project, on a branch of its own.
   * @throws PerchError the same, WORKTREE_EXISTS, WORKTREE_TIMEOUT
   */
  create(projectDir: string): Promise<{ projectDir: string; branch: string }>;
}

interface Repository {
  readonly top: string;
  /** Where in it the project is; empty: the whole. */
  readonly prefix: string;
}

export function createWorktrees({
  git,
  redact,
  ...places
}: OwnPlaces & { git: Git; redact: (text: string) => string }): Worktrees {
  const seconds = GIT_LIMIT_MS / 1000;
  /** An error with git's own last words. */
  const failed = ({ errors, timedOut }: GitAnswer): PerchError => {
    if (timedOut) return new PerchError('WORKTREE_FAILED', { reason: `no answer within ${seconds} s` });
    const lines = errors.trim().split('\n');
    const said = lines.findLast((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? '';
    return new PerchError('WORKTREE_FAILED', { reason: redact(said.replace(/^fatal: /, '')) });
  };

  async function look(directory: string): Promise<Repository> {
    const found = await git(directory, ['rev-parse', '--show-toplevel', '--show-prefix']);
    if (/not a git repository/.test(found.errors)) throw new PerchError('WORKTREE_NO_REPOSITORY', { directory });
    if (!found.ok) throw failed(found);
    const [top = '', prefix = ''] = found.output.split('\n');
    const commit = await git(directory, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    // For a missing commit git exits without a message.
    if (!commit.ok && (commit.timedOut || commit.errors !== '')) throw failed(commit);
    if (!commit.ok) throw new PerchError('WORKTREE_NO_COMMIT', { directory });
    return { top, prefix };
  }

  async function nextFree(top: string): Promise<{ path: string; branch: string }> {
    const listed = await git(top, ['for-each-ref', '--format=%(refname:short)', 'refs/heads/perch/']);
    if (!listed.ok) throw failed(listed);
    const taken = new Set(listed.output.split('\n'));
    // A worktree of a worktree is another one of the same project.
    const project = join(dirname(top), basename(top).replace(/-perch-\d+$/, ''));
    for (let number = 1; ; number++) {
      const [path, branch] = [`${project}-perch-${number}`, `perch/${number}`];
      if (!taken.has(branch) && lstatSync(path, { throwIfNoEntry: false }) === undefined) return { path, branch };
    }
  }

  async function plan(projectDir: string) {
    const { top, prefix } = await look(resolveProject(projectDir, places));
    const { path, branch } = await nextFree(top);
    // Beside a folder of Perch's own lies what no agent may work in.
    refuseTooWide(path, places);
    return { top, prefix, path, branch };
  }

  return {
    async check(projectDir) {
      await plan(projectDir);
    },
    async create(projectDir) {
      const { top, prefix, path, branch } = await plan(projectDir);
      const added = await git(top, ['worktree', 'add', '-b', branch, path, 'HEAD']);
      if (/already exists/.test(added.errors) && !added.ok) throw new PerchError('WORKTREE_EXISTS', { path, branch });
      if (added.timedOut) throw new PerchError('WORKTREE_TIMEOUT', { path, seconds });
      if (!added.ok) throw failed(added);
      const inside = join(path, prefix);
      // A folder that no commit has is not in it.
      return { projectDir: existsSync(inside) ? resolveProject(inside, places) : path, branch };
    },
  };
}
