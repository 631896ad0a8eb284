import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';

/** The one folder that is in no repository. */
export const NO_REPOSITORY = '/home/ada/notes';

export function worktreeAnswers(): {
  [M in MethodName & `worktrees.${string}`]: (params: Params<M>) => Result<M>;
} {
  return {
    'worktrees.check': ({ projectDir }) =>
      projectDir === NO_REPOSITORY
        ? { refusal: { code: 'WORKTREE_NO_REPOSITORY', values: { directory: projectDir } } }
        : {},
    'worktrees.create': ({ projectDir }) => ({ projectDir: `${projectDir}-perch-1`, branch: 'perch/1' }),
  };
}
