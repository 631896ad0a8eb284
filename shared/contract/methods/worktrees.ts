import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import { directorySchema } from '../../model/ids.ts';
import { method } from './method.ts';

const project = z.object({ projectDir: directorySchema });

/** Working directories of a git repository's own making, so that two sessions do not change the same files. */
export const worktreesMethods = {
  /** Why there can be none of this folder; absent: there can. */
  'worktrees.check': method(project, z.object({ refusal: wireErrorSchema.optional() })),
  /** Beside the project, on a new branch from its last commit. PROJECT_*, GIT_*, WORKTREE_*. */
  'worktrees.create': method(project, z.object({ projectDir: directorySchema, branch: z.string() })),
} as const;
