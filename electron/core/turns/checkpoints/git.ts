import { defined } from '../../../../shared/defined.ts';
import { runBoundProgram } from '../../../node/run-bound-program.ts';

/** Why there is no checkpoint: the sentence is the locale key `reason.checkpoint-<reason>`. */
export class CheckpointProblem extends Error {
  override readonly name = 'CheckpointProblem';
  readonly reason: 'no-git' | 'too-slow' | 'too-many-files' | 'git-failed';
  /** Git's own last line. */
  readonly told: string;

  constructor(reason: CheckpointProblem['reason'], told = '') {
    super(`${reason} ${told}`);
    this.reason = reason;
    this.told = told;
  }
}

export interface GitPlace {
  /** The program. */
  readonly git: string;
  /** Folder of the repository, which is Perch's own. */
  readonly gitDir: string;
  readonly workTree: string;
}

interface GitOptions {
  readonly input?: string;
  /** Another index than the repository's own. */
  readonly index?: string;
  /** Milliseconds; then it is killed. */
  readonly limitMs: number;
}

/** Git uses no configuration, hook, filter or program of the user's or the project's, only the repository's own. */
const ENVIRONMENT = {
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
};
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** @throws CheckpointProblem */
export async function runGit(
  { git, gitDir, workTree }: GitPlace,
  args: readonly string[],
  { input, index, limitMs }: GitOptions,
): Promise<string> {
  const { exitCode, signal, output, tooMuch, errors } = await runBoundProgram(
    {
      program: git,
      args: [`--git-dir=${gitDir}`, `--work-tree=${workTree}`, '--no-pager', ...args],
      environment: { ...ENVIRONMENT, ...defined({ GIT_INDEX_FILE: index }) },
      workingDirectory: workTree,
      errors: 'piped',
      limitMs,
      ...defined({ input }),
    },
    MAX_OUTPUT_BYTES,
  );
  if (exitCode === 0 && !tooMuch) return output.toString('utf8');
  if (tooMuch) throw new CheckpointProblem('too-many-files');
  if (signal !== null) throw new CheckpointProblem('too-slow');
  if (exitCode === 126 || exitCode === 127) throw new CheckpointProblem('no-git');
  throw new CheckpointProblem('git-failed', errors.trim().split('\n').at(-1) ?? String(exitCode));
}
