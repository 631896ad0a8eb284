import { join } from 'node:path';
import type { Attempt } from '../attempt.ts';
import type { World } from '../world.ts';

const NAME = 'repository';
const OWN = ['-c', 'user.name=a', '-c', 'user.email=a@b'];

/** Makes the project a worktree of a repository elsewhere. Git itself would make one in an empty folder only. */
function makeWorktree({ asUser, exists, other, project, write }: World): void {
  const repository = join(other, NAME);
  if (exists(repository)) return;
  asUser('git', ['init', '-q', repository]);
  asUser('git', [...OWN, 'commit', '-q', '--allow-empty', '-m', 'x'], repository);
  asUser('git', ['worktree', 'add', '-q', '-b', 'perch/1', join(other, 'tree')], repository);
  write(join(repository, '.git/worktrees/tree/gitdir'), `${join(project, '.git')}\n`);
  write(join(project, '.git'), `gitdir: ${join(repository, '.git/worktrees/tree')}\n`);
}

/** Where the host's git takes orders from, or another branch than the worktree's own, below the repository's `.git`. */
const inRepository = (name: string, path: string, script = ''): Attempt => ({
  name,
  prepare: makeWorktree,
  script: `file="$OTHER/${NAME}/.git/${path}"; mkdir -p "$(dirname "$file")"; ${script} echo "$TOKEN" >> "$file"`,
  escaped: ({ world }, token) => world.read(join(world.other, NAME, '.git', path))?.includes(token) === true,
});

export const worktree: readonly Attempt[] = [
  inRepository('hook-of-a-worktrees-repository', 'hooks/post-commit'),
  inRepository('settings-of-a-worktrees-repository', 'config', 'git config core.fsmonitor "$TOKEN";'),
  inRepository('settings-of-a-worktree', 'worktrees/tree/config.worktree', 'rm -f "$file";'),
  inRepository(
    'store-of-a-worktrees-submodule',
    'worktrees/tree/modules/sub/config',
    'rmdir "$(dirname "$file")";  mkdir -p "$(dirname "$file")";',
  ),
  inRepository('branch-of-another', 'refs/heads/taken'),
  {
    name: 'message-of-a-worktree-through-a-link',
    prepare: makeWorktree,
    script: `ln -sf "$OUTSIDE/proof-of-a-message" "$OTHER/${NAME}/.git/worktrees/tree/COMMIT_EDITMSG"`,
    // As git does with the message of a commit; outside, other attempts leave no repository to commit in.
    escaped({ world }) {
      const message = join(world.other, NAME, '.git/worktrees/tree/COMMIT_EDITMSG');
      world.asUser('sh', ['-c', 'echo x > "$0"', message]);
      return world.exists(join(world.outside, 'proof-of-a-message'));
    },
  },
  // It tries last: outside it succeeds, and nothing is a worktree any more.
  inRepository('repository-of-a-worktree', 'worktrees/tree/commondir', 'mv "$file" "$file.old";'),
];
