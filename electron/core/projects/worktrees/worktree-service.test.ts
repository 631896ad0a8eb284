import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGit } from './git.ts';
import { createWorktrees } from './worktree-service.ts';

let root: string;
let project: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-worktrees-')));
  project = join(root, 'app');
  for (const name of ['app/web', 'home', 'bin', 'data']) mkdirSync(join(root, name), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: join(root, 'home') },
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();

function commitAll(folder = project): void {
  writeFileSync(join(folder, 'web/page.html'), 'page');
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
}

function create({ path = '/usr/bin:/bin', known = true, limitMs = 60_000 } = {}) {
  return createWorktrees({
    git: createGit({ environment: { HOME: join(root, 'home') }, path: async () => ({ path, known }), limitMs }),
    redact: (text) => text.replaceAll('hunter2', '•••'),
    homeDir: join(root, 'home'),
    dataDir: join(root, 'data'),
    scratchDir: join(root, 'data/scratch'),
  });
}

/** In the place of git: a script of ours. */
function fakeGit(text: string): string {
  writeFileSync(join(root, 'bin/git'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return `${join(root, 'bin')}:/usr/bin:/bin`;
}

test('a worktree lies beside the project, on a branch of its own from the last commit', async () => {
  commitAll();
  const worktrees = create();
  await worktrees.check(project);
  expect(await worktrees.create(project)).toEqual({ projectDir: `${project}-perch-1`, branch: 'perch/1' });
  expect(git(`${project}-perch-1`, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('perch/1');
  expect(readFileSync(`${project}-perch-1/web/page.html`, 'utf8')).toBe('page');
  expect(git(project, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
});

test('a folder, a branch, or both that are taken are passed over', async () => {
  commitAll();
  mkdirSync(`${project}-perch-1`);
  git(project, 'branch', 'perch/2');
  expect(await create().create(project)).toEqual({ projectDir: `${project}-perch-3`, branch: 'perch/3' });
  // A worktree of a worktree is one of the project.
  expect(await create().create(`${project}-perch-3`)).toMatchObject({ projectDir: `${project}-perch-4` });
});

test('of a folder in a repository the same folder is chosen in the worktree', async () => {
  commitAll();
  expect(await create().create(join(project, 'web'))).toMatchObject({ projectDir: `${project}-perch-1/web` });
  mkdirSync(join(project, 'new'));
  expect(await create().create(join(project, 'new'))).toMatchObject({ projectDir: `${project}-perch-2` });
});

test('no repository, one without a commit, and one with no place beside it', async () => {
  const refused = (code: string) => expect.objectContaining({ code, values: { directory: project } });
  await expect(create().check(project)).rejects.toEqual(refused('WORKTREE_NO_REPOSITORY'));
  git(project, 'init', '-q');
  await expect(create().check(project)).rejects.toEqual(refused('WORKTREE_NO_COMMIT'));
  await expect(create().create(project)).rejects.toEqual(refused('WORKTREE_NO_COMMIT'));
  mkdirSync(join(root, 'data/scratch/web'), { recursive: true });
  commitAll(join(root, 'data/scratch'));
  await expect(create().check(join(root, 'data/scratch'))).rejects.toMatchObject({ code: 'PROJECT_TOO_WIDE' });
  await expect(create().check(join(root, 'gone'))).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
});

test('no git is another thing than a login shell that could not say where it is', async () => {
  const path = join(root, 'bin');
  await expect(create({ path }).check(project)).rejects.toMatchObject({ code: 'GIT_NOT_FOUND' });
  await expect(create({ path, known: false }).check(project)).rejects.toMatchObject({ code: 'GIT_COULD_NOT_CHECK' });
  // A git of the project's own is none.
  writeFileSync(join(project, 'git'), '#!/bin/sh\n', { mode: 0o755 });
  await expect(create({ path: project }).check(project)).rejects.toMatchObject({ code: 'GIT_NOT_FOUND' });
});

test("git's own sentence is told, without secrets", async () => {
  commitAll();
  git(project, 'branch', 'perch');
  await expect(create().create(project)).rejects.toMatchObject({
    code: 'WORKTREE_FAILED',
    values: { reason: expect.stringContaining('refs/heads/perch') },
  });
  const path = fakeGit('echo "warning: x" >&2; echo "fatal: no hunter2 here" >&2; exit 128');
  await expect(create({ path }).check(project)).rejects.toMatchObject({
    code: 'WORKTREE_FAILED',
    values: { reason: 'no ••• here' },
  });
});

test('what comes to be meanwhile, and a git that does not end', async () => {
  commitAll();
  const real = 'case "$*" in *"worktree add"*) ;; *) exec /usr/bin/git "$@";; esac';
  await expect(
    create({ path: fakeGit(`${real}\necho "fatal: '/x' already exists" >&2; exit 128`) }).create(project),
  ).rejects.toMatchObject({
    code: 'WORKTREE_EXISTS',
    values: { path: `${project}-perch-1`, branch: 'perch/1' },
  });
  await expect(create({ path: fakeGit('exec sleep 1000'), limitMs: 1 }).check(project)).rejects.toMatchObject({
    code: 'WORKTREE_FAILED',
    values: { reason: 'no answer within 30 s' },
  });
  // As the limit ends it.
  const killed = create({ path: fakeGit(`${real}\nkill -KILL $$`) });
  await expect(killed.create(project)).rejects.toMatchObject({
    code: 'WORKTREE_TIMEOUT',
    values: { path: `${project}-perch-1`, seconds: 30 },
  });
  const unsure = `case "$*" in *HEAD^*) kill -KILL $$;; esac\nexec /usr/bin/git "$@"`;
  await expect(create({ path: fakeGit(unsure) }).check(project)).rejects.toMatchObject({ code: 'WORKTREE_FAILED' });
});

test('git gets exactly its environment, and runs nothing of the repository', async () => {
  commitAll();
  const proof = join(root, 'proof');
  for (const name of ['post-checkout', 'watcher'])
    writeFileSync(join(project, '.git/hooks', name), `#!/bin/sh\necho ${name} >> ${proof}\n`, { mode: 0o755 });
  git(project, 'config', 'core.fsmonitor', join(project, '.git/hooks/watcher'));
  const path = fakeGit(`/usr/bin/env > ${join(root, 'environment')}\nexec /usr/bin/git "$@"`);
  await create({ path }).create(project);
  expect(existsSync(proof)).toBe(false);
  const names = readFileSync(join(root, 'environment'), 'utf8').split('\n');
  const own = names.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=|^$/.test(line)).sort();
  expect(own).toEqual(['GIT_TERMINAL_PROMPT=0', `HOME=${join(root, 'home')}`, 'LC_ALL=C', `PATH=${path}`]);
  // Positive control.
  git(project, 'worktree', 'add', '-q', join(root, 'control'));
  expect(readFileSync(proof, 'utf8')).toContain('post-checkout');
});
