import { homedir } from 'node:os';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { BoundProgramSpec } from '../../../node/bound-program.ts';
import { runBoundProgram } from '../../../node/run-bound-program.ts';
import { findProgram } from '../../machine/login-shell/find-program.ts';

/** Milliseconds for one command: a worktree is a whole copy of the files. */
export const GIT_LIMIT_MS = 30_000;
const MAX_BYTES = 64 * 1024;

export interface GitAnswer {
  readonly ok: boolean;
  readonly timedOut: boolean;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs the user's git in a folder.
 * @throws PerchError GIT_NOT_FOUND, GIT_COULD_NOT_CHECK
 */
export type Git = (projectDir: string, args: readonly string[]) => Promise<GitAnswer>;

/** Git runs nothing of a repository: neither its hooks nor a program that watches its files. */
const OWN = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

export function createGit(options: {
  /** Where a terminal finds programs; not `known` when the login shell could not be asked. */
  path: () => Promise<{ path: string; known: boolean }>;
  environment: Readonly<Record<string, string | undefined>>;
  limitMs?: number;
}): Git {
  const { environment, limitMs = GIT_LIMIT_MS } = options;
  return async (projectDir, args) => {
    const { path, known } = await options.path();
    const program = await findProgram(process.platform === 'win32' ? 'git.exe' : 'git', { path, projectDir });
    if (program === undefined) throw new PerchError(known ? 'GIT_NOT_FOUND' : 'GIT_COULD_NOT_CHECK');
    return run({
      program,
      args: [...OWN, ...args],
      environment: { PATH: path, HOME: environment.HOME ?? homedir(), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
      workingDirectory: projectDir,
      limitMs,
      errors: 'piped',
    });
  };
}

async function run(spec: BoundProgramSpec): Promise<GitAnswer> {
  const { exitCode, signal, output, errors } = await runBoundProgram(spec, MAX_BYTES);
  return { ok: exitCode === 0, timedOut: signal === 'SIGKILL', output: output.toString('utf8'), errors };
}
