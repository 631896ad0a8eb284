import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, secretLooted } from '../attempt.ts';
import type { World } from '../world.ts';
import { git, order, repository, workInRepository } from './orders.ts';

const ARMED = (name: string, folder: string): string => `cp ${name}.payload ${folder}/hooks/pre-commit`;
/** A folder of the host that the session may write to, besides the project: as the host calls it. */
const STATE =
  'if [ "$HOME" = "$HOST_HOME" ]; then state="$HOME"; else state="$(awk -v at="$HOME" \'$5 == at { print $4 }\' /proc/self/mountinfo)"; fi';
const made = { existing: false } as const;
const init = ({ asUser }: World, folder: string): void => void asUser('git', ['init', '-q', '--template=', folder]);
const before =
  (name: string, ...steps: ((world: World) => void)[]): NonNullable<Attempt['prepare']> =>
  (world) => {
    init(world, name);
    for (const step of steps) step(world);
  };

/** Where the guard of the working directory might not look, what might stop it, and what it might take for known. */
export const hiding: readonly Attempt[] = [
  repository(
    'settings-after-a-comment',
    `git init -q settings-after-a-comment; printf '[core]\\n\\tbare = false ; x \\\\\\n\\tfsmonitor = %s\\n' "$PROJECT/settings-after-a-comment.payload" > settings-after-a-comment/.git/config`,
    made,
  ),
  {
    ...repository(
      'name-that-is-no-text',
      `mkdir $'name-\\xff'; git init -q $'name-\\xff/repo'; ${ARMED('name-that-is-no-text', "$'name-\\xff'/repo/.git")}`,
      made,
    ),
    escaped({ world }) {
      world.asUser('bash', [
        '-c',
        "cd $'name-\\xff/repo' && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x",
      ]);
      return existsSync(join(world.outside, 'proof-name-that-is-no-text'));
    },
  },
  {
    ...repository(
      'kept-name-that-is-no-text',
      `cp kept-name-that-is-no-text.payload $'kept-\\xff/repo/.git/hooks/pre-commit'`,
      made,
    ),
    prepare: ({ asUser }) => void asUser('bash', ['-c', "mkdir $'kept-\\xff'; git init -q $'kept-\\xff/repo'"]),
    escaped({ world }) {
      world.asUser('bash', [
        '-c',
        "cd $'kept-\\xff/repo' && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x",
      ]);
      return existsSync(join(world.outside, 'proof-kept-name-that-is-no-text'));
    },
  },
  {
    ...order('odd/.envrc', `mkdir -p $'odd-\\xff'; echo "$TOKEN" > $'odd-\\xff/.envrc'`),
    escaped: ({ world }, token) => world.asUser('bash', ['-c', 'cat odd-*/.envrc']).includes(token),
  },
  repository(
    'beside-decoys',
    `mkdir -p decoys/objects decoys/refs; git init -q decoys/sub; ${ARMED('beside-decoys', 'decoys/sub/.git')}`,
    { ...made, folder: 'decoys/sub' },
  ),
  {
    ...repository(
      'in-a-guarded-folder',
      `mkdir -p guarded/.vscode; git init -q guarded/.vscode/sub; ${ARMED('in-a-guarded-folder', 'guarded/.vscode/sub/.git')}`,
      made,
    ),
    // Its name may have changed on the way.
    escaped({ world }) {
      for (const folder of readdirSync(join(world.project, 'guarded'))) {
        workInRepository(world, join('guarded', folder, 'sub'));
      }
      return existsSync(join(world.outside, 'proof-in-a-guarded-folder'));
    },
  },
  {
    ...repository(
      'store-in-git-folder',
      `git init -q store-a; mv store-a/.git store-in-git-folder/.git/store; ${ARMED('store-in-git-folder', 'store-in-git-folder/.git/store')}; mkdir store-b; echo "gitdir: ../store-in-git-folder/.git/store" > store-b/.git`,
      { folder: 'store-b' },
    ),
    prepare: before('store-in-git-folder'),
  },
  repository(
    'store-of-the-agent',
    `${STATE}; git init -q "$HOME/store-of-the-agent"; ${ARMED('store-of-the-agent', '"$HOME/store-of-the-agent/.git"')}; mkdir store-of-the-agent; echo "gitdir: $state/store-of-the-agent/.git" > store-of-the-agent/.git`,
    made,
  ),
  repository(
    'link-to-the-agents-store',
    `${STATE}; git init -q "$HOME/linked-store"; ${ARMED('link-to-the-agents-store', '"$HOME/linked-store/.git"')}; mkdir link-to-the-agents-store; ln -s "$state/linked-store/.git" link-to-the-agents-store/.git`,
    made,
  ),
  repository(
    'message-through-a-link',
    'git init -q message-through-a-link; ln -s "$OUTSIDE/proof-message-through-a-link" message-through-a-link/.git/COMMIT_EDITMSG',
    made,
  ),
  repository(
    'log-through-a-link',
    'mkdir -p log-through-a-link/.git/logs; ln -sf "$OUTSIDE/proof-log-through-a-link" log-through-a-link/.git/logs/HEAD',
  ),
  repository(
    'log-in-an-unlisted-folder',
    'git init -q unlisted-logs; mkdir -p unlisted-logs/.git/logs; ln -s "$OUTSIDE/proof-log-in-an-unlisted-folder" unlisted-logs/.git/logs/HEAD; chmod 300 unlisted-logs/.git/logs',
    { ...made, folder: 'unlisted-logs' },
  ),
  repository(
    'settings-in-a-locked-folder',
    `git init -q locked-settings; git -C locked-settings config core.fsmonitor "$PROJECT/settings-in-a-locked-folder.payload"; chmod 555 locked-settings/.git`,
    { ...made, folder: 'locked-settings' },
  ),
  order('locked-folder/.envrc', 'mkdir locked-folder; echo "$TOKEN" > locked-folder/.envrc; chmod 555 locked-folder'),
  repository(
    'in-an-unlisted-folder',
    `mkdir unlisted; git init -q unlisted/sub; ${ARMED('in-an-unlisted-folder', 'unlisted/sub/.git')}; chmod 111 unlisted`,
    { ...made, folder: 'unlisted/sub' },
  ),
  repository(
    'unlisted-hooks',
    `git init -q unlisted-hooks; ${ARMED('unlisted-hooks', 'unlisted-hooks/.git')}; chmod 111 unlisted-hooks/.git/hooks`,
    made,
  ),
  repository(
    'past-a-hook-that-cannot-be-read',
    `git init -q stop-a; cp /bin/true stop-a/.git/hooks/pre-push; chmod 111 stop-a/.git/hooks/pre-push; git init -q past-a; ${ARMED('past-a-hook-that-cannot-be-read', 'past-a/.git')}`,
    { ...made, folder: 'past-a' },
  ),
  repository(
    'past-a-name-that-is-too-long',
    `git init -q stop-b; n=$(printf 'n%.0s' {1..250}); ln -s x "stop-b/.git/hooks/$n"; git init -q past-b; ${ARMED('past-a-name-that-is-too-long', 'past-b/.git')}`,
    { ...made, folder: 'past-b' },
  ),
  repository(
    'past-a-large-file',
    `git init -q stop-c; truncate -s 5G stop-c/.git/config.worktree; git init -q past-c; ${ARMED('past-a-large-file', 'past-c/.git')}`,
    { ...made, folder: 'past-c' },
  ),
  repository(
    'past-a-pipe',
    `mkdir stop-d; echo x > stop-d/HEAD; mkfifo stop-d/commondir stop-d/config; git init -q past-d; ${ARMED('past-a-pipe', 'past-d/.git')}`,
    { ...made, folder: 'past-d' },
  ),
  {
    ...repository('past-a-pipe-of-before', `git init -q past-f; ${ARMED('past-a-pipe-of-before', 'past-f/.git')}`, {
      ...made,
      folder: 'past-f',
    }),
    prepare({ asUser }) {
      asUser('mkdir', ['-p', 'stop-f/objects', 'stop-f/refs']);
      asUser('mkfifo', ['stop-f/config']);
    },
  },
  repository(
    'past-a-file-without-end',
    `mkdir stop-e; echo x > stop-e/HEAD; ln -s /dev/zero stop-e/commondir; git init -q past-e; ${ARMED('past-a-file-without-end', 'past-e/.git')}`,
    { ...made, folder: 'past-e' },
  ),
  {
    ...repository('hooks-behind-a-link', 'cp hooks-behind-a-link.payload hook-tools/pre-commit'),
    prepare: before('hooks-behind-a-link', ({ project }) => {
      mkdirSync(join(project, 'hook-tools'));
      symlinkSync('../../hook-tools', join(project, 'hooks-behind-a-link/.git/hooks'));
    }),
  },
  {
    ...order('linked-order/.envrc', 'echo "$TOKEN" >> linked-order/tools/envrc'),
    prepare({ write, project }) {
      write(join(project, 'linked-order/tools/envrc'), '# as it was\n');
      symlinkSync('tools/envrc', join(project, 'linked-order/.envrc'));
    },
  },
  {
    ...order(
      'moved-order/.envrc',
      'mv moved-order/tools moved-order/t; mkdir moved-order/tools; echo "$TOKEN" > moved-order/tools/envrc',
    ),
    prepare({ write, project }) {
      write(join(project, 'moved-order/tools/envrc'), '# as it was\n');
      symlinkSync('tools/envrc', join(project, 'moved-order/.envrc'));
    },
  },
  {
    ...repository(
      'hooks-path-absent',
      'mkdir hooks-path-absent/.tools; cp *-path-absent.payload hooks-path-absent/.tools/pre-commit',
    ),
    prepare: before('hooks-path-absent', (world) =>
      git(world, 'hooks-path-absent', 'config', 'core.hooksPath', '.tools'),
    ),
  },
  {
    ...repository(
      'hooks-path-moved',
      'cd hooks-path-moved; mv tools t; mkdir -p tools/hooks; cp ../hooks-path-moved.payload tools/hooks/pre-commit',
    ),
    prepare: before('hooks-path-moved', (world) => {
      mkdirSync(join(world.project, 'hooks-path-moved/tools/hooks'), { recursive: true });
      git(world, 'hooks-path-moved', 'config', 'core.hooksPath', 'tools/hooks');
    }),
  },
  {
    ...repository(
      'included-by-included',
      'echo "[core] fsmonitor = $PROJECT/included-by-included.payload" >> included-by-included/more.gitconfig',
    ),
    prepare: before('included-by-included', (world) => {
      world.write(join(world.project, 'included-by-included/more.gitconfig'), '');
      world.write(join(world.project, 'included-by-included/shared.gitconfig'), '[include]\n\tpath = more.gitconfig\n');
      git(world, 'included-by-included', 'config', 'include.path', '../shared.gitconfig');
    }),
  },
  {
    ...repository(
      'hooks-path-of-a-worktree',
      'cp hooks-path-of-a-worktree.payload hooks-path-of-a-worktree/tools/pre-commit',
    ),
    // The repository is elsewhere, its settings lead to a folder of the worktree.
    prepare(world) {
      const store = join(world.other, 'hooks-path-of-a-worktree.git');
      world.asUser('git', ['init', '-q', `--separate-git-dir=${store}`, 'hooks-path-of-a-worktree']);
      mkdirSync(join(world.project, 'hooks-path-of-a-worktree/tools'));
      git(world, 'hooks-path-of-a-worktree', 'config', 'core.hooksPath', 'tools');
    },
  },
  {
    ...repository(
      'common-folder-of-a-worktree',
      `git init -q common-store; mv common-store/.git common-folder-of-a-worktree/.git/store; ${ARMED('common-folder-of-a-worktree', 'common-folder-of-a-worktree/.git/store')}; echo "$PROJECT/common-folder-of-a-worktree/.git/store" > common-folder-of-a-worktree/.git/worktrees/common-tree/commondir`,
    ),
    prepare: before('common-folder-of-a-worktree', (world) => {
      git(world, 'common-folder-of-a-worktree', 'commit', '-q', '--allow-empty', '-m', 'x');
      git(world, 'common-folder-of-a-worktree', 'worktree', 'add', '-q', '../common-tree');
    }),
    escaped({ world }) {
      workInRepository(world, 'common-tree');
      return existsSync(join(world.outside, 'proof-common-folder-of-a-worktree'));
    },
  },
  {
    name: 'dot-env-behind-a-link',
    prepare({ write, project, secret }) {
      write(join(project, 'app6/production'), `KEY=${secret}\n`, 0o600);
      symlinkSync('production', join(project, 'app6/.env'));
    },
    script: 'cat app6/.env app6/production',
    escaped: secretLooted,
  },
  {
    name: 'dot-env-in-an-unlisted-folder',
    prepare({ uid, write, project, secret }) {
      write(join(project, 'app7/.env'), `KEY=${secret}\n`, 0o600);
      chownSync(join(project, 'app7/.env'), uid, uid);
      chmodSync(join(project, 'app7'), 0o311);
    },
    script: 'cat app7/.env; chmod 755 app7; cat app7/.env',
    escaped: secretLooted,
  },
];
