import type { HostPaths } from '../../ports.ts';
import { furnishStore, type WorktreeStore, worktreeStoreOf } from './git-store.ts';

/** Undefined where there is nothing that git of a session there could be given. */
export function worktreeOf(projectDir: string, { dataDir }: Pick<HostPaths, 'dataDir'>): WorktreeStore | undefined {
  return worktreeStoreOf(projectDir, { uid: process.getuid?.(), closed: [dataDir] });
}

/** The store of the repository, with every path that a session's mounts need. */
export function furnishedWorktree(projectDir: string, paths: Pick<HostPaths, 'dataDir'>): WorktreeStore | undefined {
  const found = worktreeOf(projectDir, paths);
  return found !== undefined && furnishStore(found, process.getuid?.()) ? found : undefined;
}
