import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import type { Worktrees } from '../../projects/worktrees/worktree-service.ts';
import type { HandlersOf } from './namespace.ts';

export function worktreeHandlers({ worktrees }: { worktrees: Worktrees }): HandlersOf<'worktrees'> {
  return {
    'worktrees.check': async ({ projectDir }) => {
      try {
        await worktrees.check(projectDir);
        return {};
      } catch (error) {
        if (error instanceof PerchError) return { refusal: toWireError(error) };
        throw error;
      }
    },
    'worktrees.create': ({ projectDir }) => worktrees.create(projectDir),
  };
}
