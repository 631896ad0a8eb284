import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sandboxPolicy } from '../../electron/core/launch/session-env/sandbox-policy.ts';
import { furnishStore, storeParts, worktreeStoreOf } from '../../electron/core/projects/worktrees/git-store.ts';
import { nodeExecutable } from '../../electron/runner/testing/checkout.ts';
import { describeAsEach, ownedBy, type Probe, runProbe } from '../../electron/runner/testing/in-sandbox.ts';
import { createFolders, type TestFolders } from '../../electron/runner/testing/session-params.ts';
import type { SandboxPolicy } from '../../shared/model/sandbox-policy.ts';

/** The files are whosever the sandbox is, and who looks at them may be root. */
const TRUST = {
  GIT_CONFIG_COUNT: '3',
  ...{ GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' },
  ...{ GIT_CONFIG_KEY_1: 'user.name', GIT_CONFIG_VALUE_1: 'a' },
  ...{ GIT_CONFIG_KEY_2: 'user.email', GIT_CONFIG_VALUE_2: 'a@b' },
};

describeAsEach('git in a worktree as', (identity) => {
  let folders: TestFolders;
  let main: string;
  let tree: string;
  const git = (folder: string, ...args: string[]): string => {
    const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...TRUST };
    const done = spawnSync('/usr/bin/git', args, { cwd: folder, env, encoding: 'utf8' });
    expect([args, done.status, done.stderr]).toEqual([args, 0, expect.anything()]);
    return done.stdout.trim();
  };

  beforeEach(() => {
    folders = createFolders();
    main = join(folders.root, 'main');
    tree = join(folders.root, 'main-perch-1');
    mkdirSync(main);
    git(main, 'init', '-q', '-b', 'trunk');
    writeFileSync(join(main, 'file'), 'as it was\n');
    writeFileSync(join(main, 'secret'), 'not committed\n');
    git(main, 'add', 'file');
    git(main, 'commit', '-q', '-m', 'first');
    git(main, 'worktree', 'add', '-q', '-b', 'perch/1', tree);
    git(main, 'worktree', 'add', '-q', '-b', 'theirs', join(folders.root, 'theirs'));
  });
  afterEach(() => folders.remove());

  /** As a session of that folder has it. */
  function policyIn(workingDirectory: string): SandboxPolicy {
    ownedBy(identity, folders.root);
    const store = worktreeStoreOf(workingDirectory, { uid: identity.uid, closed: [join(folders.root, 'data')] });
    // Made by root here: the ownership is what the last line sees to.
    if (store !== undefined && identity.uid === process.getuid?.())
      expect(furnishStore(store, identity.uid)).toBe(true);
    if (store !== undefined) {
      for (const folder of ['refs/heads/perch', 'logs/refs/heads/perch'])
        mkdirSync(join(store.common, folder), { recursive: true });
      writeFileSync(join(store.store, 'config.worktree'), '');
    }
    ownedBy(identity, folders.root);
    return sandboxPolicy({
      enforcement: 'required',
      programParts: [],
      installation: [],
      certificates: [],
      workingDirectory,
      git: store === undefined ? undefined : storeParts(store),
      state: { hostPath: folders.state, sandboxPath: '/home/agent' },
      network: { kind: 'none' },
      nesting: true,
      showSecretFiles: false,
      nodeExecutable,
      records: join(folders.root, 'data/records'),
      closed: [],
    });
  }
  const inside = (script: string, policy = policyIn(tree)): Probe =>
    runProbe(identity, { script, policy, environment: TRUST });

  it('commits on its own branch, which the host sees, and leaves nothing behind', () => {
    const done = inside(
      'echo new > new; git add new && git commit -q -m inside && git log --format=%s && git status -s',
    );
    expect([done.output, done.errors]).toEqual(['inside\nfirst\n', '']);
    expect(git(main, 'log', '--format=%s', 'perch/1')).toBe('inside\nfirst');
    expect(git(main, 'show', 'perch/1:new')).toBe('new');
    expect(git(main, 'status', '--short')).toBe('?? secret');
    expect(done.quarantined).toEqual([]);
    expect(existsSync(join(main, '.git/worktrees/main-perch-1/modules'))).toBe(false);
    git(main, 'fsck', '--strict');
    git(main, 'worktree', 'remove', tree);
  });

  it('shows the repository, and no file beside it', () => {
    const script = `cat '${main}/secret'; ls -A '${main}'; git log --format=%s theirs`;
    expect(inside(script).output).toBe('.git\nfirst\n');
    expect(inside(script, { ...policyIn(tree), enforcement: 'off' }).output).toContain('not committed');
  });

  it('changes nothing that the host takes orders or other branches from', () => {
    const common = join(main, '.git');
    const store = join(common, 'worktrees/main-perch-1');
    const files = [
      ...['hooks/pre-commit', 'config', 'config.worktree', 'info/attributes', 'packed-refs', 'HEAD'],
      ...[
        'refs/heads/trunk',
        'refs/heads/theirs',
        'refs/heads/new',
        'refs/tags/new',
        'logs/HEAD',
        'logs/refs/heads/trunk',
      ],
      ...['objects/info/alternates', 'worktrees/theirs/HEAD', 'worktrees/theirs/gitdir', 'modules/x/config'],
    ].map((name) => join(common, name));
    const orders = ['commondir', 'gitdir', 'config.worktree', 'modules/x/config'].map((name) => join(store, name));
    const attempts = [
      'git branch -f another HEAD',
      'git config user.name evil',
      ...[...files, ...orders].flatMap((path) => [
        `mkdir -p '${dirname(path)}' && echo evil > '${path}'`,
        `mv '${path}' '${path}.old'`,
        `rm -f '${path}' && test ! -e '${path}' && echo evil > '${path}'`,
        `ln -sfn /tmp/x '${path}' && test -L '${path}'`,
        `unshare -Urm sh -c "umount -l '${path}'; umount -l '${common}'; echo evil > '${path}'"`,
      ]),
      `mv '${store}' '${store}-2'`,
      `mv '${common}' '${common}-2'`,
      `rmdir '${store}/modules' && mkdir '${store}/modules'`,
      'echo "gitdir: /tmp" > .git',
      'mv .git moved && cp moved .git',
    ];
    const script = `set -- ${attempts.map((one) => `"${one.replaceAll('"', '\\"')}"`).join(' ')}; for one; do (eval "$one") >/dev/null 2>&1 && echo "did: $one"; done; true`;
    const policy = policyIn(tree);
    const before = contentOf(common);
    expect(
      inside(script, policy)
        .output.trim()
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual([]);
    expect(contentOf(common)).toEqual(before);
    // Positive control.
    const control = inside(script, { ...policy, enforcement: 'off' }).output;
    for (const path of [...files, ...orders])
      expect(control).toContain(`did: mkdir -p '${dirname(path)}' && echo evil > '${path}'`);
    for (const one of ['git branch -f another HEAD', 'git config user.name evil', `mv '${store}'`])
      expect(control).toContain(`did: ${one}`);
  });

  it.each([
    ['another repository', (other: string) => `gitdir: ${other}/.git`],
    ["another repository's worktree", (other: string) => `gitdir: ${other}/.git/worktrees/theirs`],
    ['a folder of secrets', (other: string) => `gitdir: ${join(other, '../.ssh')}`],
  ])('shows nothing of %s that a forged file leads to', (_name, text) => {
    mkdirSync(join(folders.root, '.ssh'));
    writeFileSync(join(folders.root, '.ssh/id'), 'private');
    writeFileSync(join(folders.project, '.git'), `${text(main)}\n`);
    const script = `cat '${main}/.git/config' '${folders.root}/.ssh/id'; git log --format=%s; ls -A '${folders.root}'`;
    const policy = policyIn(folders.project);
    expect(inside(script, policy).output).toBe('project\n');
    const control = inside(script, { ...policy, enforcement: 'off' }).output;
    for (const one of ['[core]', 'private', '.ssh']) expect(control).toContain(one);
  });

  it('sets aside the links that the host would write through', () => {
    const store = '.git/worktrees/main-perch-1';
    const names = [`${store}/COMMIT_EDITMSG`, '.git/logs/refs/heads/perch/1', '.git/refs/heads/perch/2'];
    const done = inside(names.map((name) => `ln -sf '${folders.root}/proof' '${join(main, name)}'`).join('; '));
    expect(done.quarantined).toHaveLength(names.length);
    for (const name of names) {
      expect(done.quarantined).toContainEqual({ path: join(main, name), how: 'renamed' });
      expect(readFileSync(`${join(main, name)}.quarantined`, 'utf8')).toBe(join(folders.root, 'proof'));
    }
    git(tree, 'commit', '-q', '--allow-empty', '-m', 'by the host');
    expect(existsSync(join(folders.root, 'proof'))).toBe(false);
  });

  it('refuses a link that has come in the place of what it is to show', () => {
    const policy = policyIn(tree);
    const branches = join(main, '.git/refs/heads/perch');
    spawnSync('/bin/sh', ['-c', `mv '${branches}' '${branches}-2'; ln -s '${folders.root}' '${branches}'`]);
    expect(() => inside('ls', policy)).toThrow(/SANDBOX_FAILED/);
    spawnSync('/bin/sh', ['-c', `rm '${branches}'; mv '${branches}-2' '${branches}'`]);
    expect(inside('git log --format=%s', policy).output).toBe('first\n');
    const back = join(main, '.git/worktrees/main-perch-1/gitdir');
    spawnSync('/bin/sh', ['-c', `mv '${back}' '${back}-2'; ln -s '${main}/secret' '${back}'`]);
    expect(() => inside('ls', policy)).toThrow(/SANDBOX_FAILED/);
  });
});

/** Every file below, but for objects, by its path. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => join(entry.parentPath, entry.name)).map((path) => [path, readFileSync(path, 'latin1')]),
  );
}
