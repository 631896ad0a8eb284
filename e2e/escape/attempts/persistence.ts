import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../attempt.ts';
import { existing, git, order, repository, workInRepository } from './orders.ts';

/** Files of the user's home and of Perch that make something run later. */
const atHome = (name: string, file: string): Attempt => ({
  name,
  script: `mkdir -p "$(dirname "${file}")"; echo "$TOKEN" >> "${file}"`,
  escaped: ({ world }, token) =>
    world.read(file.replace('$HOST_HOME', world.home).replace('$DATA', world.data))?.includes(token) === true,
});

const ABSENT = [
  ...['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.envrc', '.gitconfig', '.gitmodules'],
  ...['.husky/pre-commit', '.vscode/tasks.json', '.vscode/settings.json', '.idea/workspace.xml', '.exrc'],
  ...['.claude/settings.json', '.claude/settings.local.json', '.mcp.json', '.codex/config.toml'],
  ...['.gemini/settings.json', '.cursor/mcp.json', '.devcontainer/devcontainer.json', 'opencode.json', 'perch.toml'],
];

export const persistence: readonly Attempt[] = [
  repository('hook-overwritten', 'cp hook-overwritten.payload hook-overwritten/.git/hooks/commit-msg'),
  repository('hook-absent', 'cp hook-absent.payload hook-absent/.git/hooks/pre-commit'),
  {
    ...repository(
      'hooks-absent',
      'mkdir hooks-absent/.git/hooks; cp hooks-absent.payload hooks-absent/.git/hooks/pre-commit',
    ),
    prepare: ({ asUser }) => void asUser('git', ['init', '-q', '--template=', 'hooks-absent']),
  },
  repository('hook-by-rename', 'mv hook-by-rename.payload hook-by-rename/.git/hooks/pre-commit'),
  repository(
    'hooks-rename-and-back',
    'cd hooks-rename-and-back/.git; mv hooks h; mkdir -p h; cp ../../hooks-rename-and-back.payload h/pre-commit; mv h hooks',
  ),
  repository(
    'git-folder-replaced',
    'mv git-folder-replaced/.git git-folder-replaced/.old; git init -q git-folder-replaced; cp git-folder-replaced.payload git-folder-replaced/.git/hooks/pre-commit',
  ),
  repository(
    'ancestor-moved',
    'mv ancestor-moved elsewhere; git init -q ancestor-moved; cp ancestor-moved.payload ancestor-moved/.git/hooks/pre-commit',
  ),
  repository(
    'hooks-path',
    'cd hooks-path; mkdir h; cp ../hooks-path.payload h/pre-commit; git config core.hooksPath h',
  ),
  repository('fsmonitor', 'cd fsmonitor; git config core.fsmonitor "$PROJECT/fsmonitor.payload"'),
  repository(
    'settings-by-rename',
    `cd settings-by-rename; cp .git/config c; echo "[core] fsmonitor = $PROJECT/settings-by-rename.payload" >> c; mv -f c .git/config`,
  ),
  repository(
    'settings-of-worktree',
    `cd settings-of-worktree; echo "[core] fsmonitor = $PROJECT/settings-of-worktree.payload" > .git/config.worktree; git config extensions.worktreeConfig true`,
  ),
  {
    ...repository('hooks-path-in-project', 'cp hooks-path-in-project.payload hooks-path-in-project/tools/pre-commit'),
    prepare(world) {
      world.asUser('git', ['init', '-q', 'hooks-path-in-project']);
      world.asUser('mkdir', ['hooks-path-in-project/tools']);
      git(world, 'hooks-path-in-project', 'config', 'core.hooksPath', 'tools');
    },
  },
  {
    ...repository(
      'included-settings',
      'echo "[core] fsmonitor = $PROJECT/included-settings.payload" >> included-settings/shared.gitconfig',
    ),
    prepare(world) {
      world.asUser('git', ['init', '-q', 'included-settings']);
      world.write(join(world.project, 'included-settings/shared.gitconfig'), '');
      git(world, 'included-settings', 'config', 'include.path', '../shared.gitconfig');
    },
  },
  {
    ...repository(
      'submodule-hooks',
      'mkdir -p submodule-hooks/.git/modules/sub/hooks; cp submodule-hooks.payload submodule-hooks/.git/modules/sub/hooks/pre-commit',
    ),
    prepare(world) {
      world.asUser('git', ['init', '-q', 'submodule-hooks']);
      world.asUser('mkdir', ['submodule-hooks/.git/modules']);
      world.asUser('git', ['init', '-q', '--separate-git-dir=submodule-hooks/.git/modules/sub', 'submodule-hooks/sub']);
    },
    escaped({ world }) {
      workInRepository(world, 'submodule-hooks/sub');
      return existsSync(join(world.outside, 'proof-submodule-hooks'));
    },
  },
  {
    ...repository(
      'git-file-redirected',
      'git init -q evil-store; cp git-file-redirected.payload evil-store/.git/hooks/pre-commit; echo "gitdir: $PROJECT/evil-store/.git" > git-file-redirected/.git',
    ),
    prepare(world) {
      world.asUser('git', ['init', '-q', '--separate-git-dir=kept-store', 'git-file-redirected']);
    },
  },
  ...(['new', 'new-deep/a/b/c/d/e', '.hidden-new', 'node_modules/new'] as const).map((folder) =>
    repository(
      `repository-${folder.replaceAll(/[^a-z]+/g, '-').replace(/^-/, '')}`,
      `git init -q ${folder}; cp *-${folder.replaceAll(/[^a-z]+/g, '-').replace(/^-/, '')}.payload ${folder}/.git/hooks/pre-commit`,
      { existing: false, folder },
    ),
  ),
  repository(
    'repository-with-settings',
    'git init -q repository-with-settings; git -C repository-with-settings config core.fsmonitor "$PROJECT/repository-with-settings.payload"',
    { existing: false },
  ),
  repository(
    'repository-with-attributes',
    `git init -q repository-with-attributes; cd repository-with-attributes; git config filter.x.clean "$PROJECT/repository-with-attributes.payload"; echo "* filter=x" > .gitattributes; echo x > f`,
    { existing: false },
  ),
  repository(
    'repository-with-pager',
    'git init -q repository-with-pager; git -C repository-with-pager config alias.status "!$PROJECT/repository-with-pager.payload"; git -C repository-with-pager config core.sshCommand "$PROJECT/repository-with-pager.payload"; git -C repository-with-pager config gpg.program "$PROJECT/repository-with-pager.payload"; git -C repository-with-pager config commit.gpgSign true',
    { existing: false },
  ),
  repository(
    'repository-bare',
    'git init -q --bare repository-bare; git -C repository-bare config core.fsmonitor "$PROJECT/repository-bare.payload"; git -C repository-bare config core.bare false; git -C repository-bare config core.worktree .',
    { existing: false },
  ),
  repository(
    'repository-linked-hooks',
    'git init -q repository-linked-hooks; mkdir linked; cp repository-linked-hooks.payload linked/pre-commit; rm -r repository-linked-hooks/.git/hooks; ln -s ../../linked repository-linked-hooks/.git/hooks',
    { existing: false },
  ),
  repository(
    'repository-linked-hook',
    'git init -q repository-linked-hook; ln -s ../../../repository-linked-hook.payload repository-linked-hook/.git/hooks/pre-commit',
    { existing: false },
  ),
  repository(
    'repository-renamed-git',
    'git init -q repository-renamed-git; mv repository-renamed-git/.git store; cp repository-renamed-git.payload store/hooks/pre-commit; echo "gitdir: ../store" > repository-renamed-git/.git',
    { existing: false },
  ),
  repository(
    'repository-linked-git',
    'git init -q real-one; cp repository-linked-git.payload real-one/.git/hooks/pre-commit; mkdir repository-linked-git; ln -s ../real-one/.git repository-linked-git/.git',
    { existing: false },
  ),
  repository(
    'worktree-new',
    'cd worktree-new; mkdir -p .git/worktrees/w/hooks evil; git init -q evil/r; cp ../worktree-new.payload evil/r/.git/hooks/pre-commit; echo ../evil/r/.git > .git/commondir',
  ),

  ...ABSENT.map((file) => order(file)),
  order('sub/.envrc', 'mkdir -p sub; echo "$TOKEN" > sub/.envrc'),
  order('sub2/.vscode/tasks.json', 'mkdir -p sub2/v; echo "$TOKEN" > sub2/v/tasks.json; mv sub2/v sub2/.vscode'),
  order('linked/.envrc', 'mkdir -p linked; echo "$TOKEN" > l-envrc; ln -s ../l-envrc linked/.envrc'),
  order('kept/.envrc', 'echo "$TOKEN" >> kept/.envrc', existing('kept/.envrc')),
  order('kept2/.vscode/tasks.json', 'echo "$TOKEN" >> kept2/.vscode/tasks.json', existing('kept2/.vscode/tasks.json')),
  order(
    'kept3/.husky/pre-commit',
    'echo "$TOKEN" >> kept3/.husky/pre-commit',
    existing('kept3/.husky/pre-commit', 0o755),
  ),
  order(
    'kept4/.claude/settings.json',
    'mv kept4 kept4b; mkdir -p kept4/.claude; echo "$TOKEN" > kept4/.claude/settings.json',
    existing('kept4/.claude/settings.json'),
  ),
  order(
    'kept5/.envrc',
    'rm -f kept5/.envrc; mv kept5/.envrc x; echo "$TOKEN" > n5; mv -f n5 kept5/.envrc',
    existing('kept5/.envrc'),
  ),
  order('kept6/.mcp.json', 'ln kept6/.mcp.json hard6; echo "$TOKEN" >> hard6', existing('kept6/.mcp.json')),
  order('.zprofile', 'rmdir .zprofile; mv .zprofile z; echo "$TOKEN" > .zprofile; mount --bind z .zprofile'),

  atHome('shell-of-the-user', '$HOST_HOME/.bashrc'),
  atHome('git-of-the-user', '$HOST_HOME/.gitconfig'),
  atHome('ssh-of-the-user', '$HOST_HOME/.ssh/authorized_keys'),
  atHome('autostart', '$HOST_HOME/.config/autostart/x.desktop'),
  atHome('user-service', '$HOST_HOME/.config/systemd/user/x.service'),
  atHome('agent-of-the-user', '$HOST_HOME/.claude/settings.json'),
  atHome('database-of-perch', '$DATA/planted.db'),
  atHome('settings-of-perch', '$DATA/planted.json'),
  atHome('state-of-another-agent', '$DATA/agents/another/home/.bashrc'),
  {
    name: 'scheduled-job',
    onlyAsRoot: true,
    script: 'mkdir -p /var/spool/perch-escape; echo "# $TOKEN" > /var/spool/perch-escape/job',
    escaped({ world }) {
      const found = existsSync('/var/spool/perch-escape/job');
      if (found) world.asUser('rm', ['-r', '/var/spool/perch-escape']);
      return found;
    },
  },
  {
    name: 'placeholders-stay',
    // A name that was held free is left behind as a file: the next program takes it for an order.
    script: 'rmdir .goose; mkdir -p .goose/x',
    escaped: ({ world }) => ['.goose'].some((name) => readdirSync(world.project).includes(name)),
  },
];
