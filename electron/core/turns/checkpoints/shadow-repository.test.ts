import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesWith } from '../../../../e2e/fixtures/leaks.ts';
import { CheckpointProblem } from './git.ts';
import { createShadowRepository, type ShadowRepository } from './shadow-repository.ts';

const GIT = '/usr/bin/git';
const skip = existsSync(GIT) ? undefined : 'no git here';

let root: string;
let work: string;
let repository: ShadowRepository;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-checkpoint-')));
  work = join(root, 'work');
  mkdirSync(work);
  repository = createShadowRepository({ git: GIT, gitDir: join(root, 'shadow'), workTree: work });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
};
const read = (path: string) => readFileSync(join(work, path), 'utf8');

/** Everything there is, as text. */
function all(folder = work): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !lstatSync(join(folder, name)).isDirectory())
      .map((name) => {
        const file = join(folder, name);
        const stat = lstatSync(file);
        if (stat.isSymbolicLink()) return [name, `→ ${readlinkSync(file)}`];
        return [name, `${(stat.mode & 0o111) === 0 ? '' : 'x '}${readFileSync(file, 'latin1')}`];
      }),
  );
}

/** What `change` did, taken back and brought again. */
async function thereAndBack(change: () => void): Promise<string[]> {
  const start = all();
  const before = await repository.snapshot();
  change();
  const end = all();
  const after = await repository.snapshot();
  await repository.restore(before, await repository.changes(before, after));
  expect(all()).toEqual(start);
  expect(await repository.snapshot()).toBe(before);
  await repository.restore(after, await repository.changes(after, before));
  expect(all()).toEqual(end);
  return (await repository.changes(before, after)).map(({ path, change: how }) => `${how} ${path}`);
}

test.skipIf(skip)('files, folders, links and modes come back as they were, byte by byte', async () => {
  put('kept.txt', 'one\r\ntwo\n');
  put('gone.txt', 'gone');
  put('with space/ünï\nline.txt', 'name');
  put('script.sh', 'echo');
  put('.gitattributes', '* text eol=lf ident filter=evil\n*.txt working-tree-encoding=UTF-16\n');
  symlinkSync('kept.txt', join(work, 'link'));
  const changes = await thereAndBack(() => {
    put('kept.txt', 'one\r\n$Id$\n');
    rmSync(join(work, 'gone.txt'));
    put('new/deep/file.bin', '\u0000\u0001');
    renameSync(join(work, 'with space/ünï\nline.txt'), join(work, 'with space/other'));
    chmodSync(join(work, 'script.sh'), 0o755);
    rmSync(join(work, 'link'));
    symlinkSync('gone.txt', join(work, 'link'));
  });
  expect(changes.sort()).toEqual([
    'added new/deep/file.bin',
    'added with space/other',
    'deleted gone.txt',
    'deleted with space/ünï\nline.txt',
    'modified kept.txt',
    'modified link',
    'modified script.sh',
  ]);
});

test.skipIf(skip)('a file that became a folder, and a folder that became a file', async () => {
  put('file', 'a file');
  put('folder/a', 'a');
  put('folder/b', 'b');
  await thereAndBack(() => {
    rmSync(join(work, 'file'));
    put('file/inner', 'x');
    rmSync(join(work, 'folder'), { recursive: true });
    put('folder', 'now a file');
  });
});

test.skipIf(skip)(
  'what the project ignores, its secrets, large files and repositories inside stay out of it',
  async () => {
    put('.gitignore', 'ignored/\n');
    put('node_modules/package/index.js', 'result');
    put('ignored/a', 'before');
    put('.env', 'SECRET=canary-in-a-file');
    put('deep/.env.local', 'SECRET=canary-in-a-file');
    put('large', '');
    truncateSync(join(work, 'large'), 21 * 1024 * 1024);
    execFileSync(GIT, ['init', '-q', join(work, 'inner')]);
    put('inner/file', 'theirs');
    put('source', 'one');
    const before = await repository.snapshot();
    put('ignored/a', 'after');
    put('inner/file', 'changed');
    put('source', 'two');
    expect(await repository.changes(before, await repository.snapshot())).toEqual([
      { path: 'source', change: 'modified' },
    ]);
    expect(filesWith(join(root, 'shadow'), 'canary-in-a-file')).toEqual([]);
    const listed = execFileSync(GIT, [`--git-dir=${join(root, 'shadow')}`, 'ls-files'], { encoding: 'utf8' });
    expect(listed.trim().split('\n').sort()).toEqual(['.gitignore', 'source']);
    // The project’s own repository knows nothing of it.
    expect(existsSync(join(work, '.git'))).toBe(false);
  },
);

test.skipIf(skip)('no program of the project’s is run, whatever its files say', async () => {
  const mark = join(root, 'was-run');
  const evil = `touch ${mark}`;
  put('a', 'one');
  execFileSync(GIT, ['init', '-q', work]);
  put('.git/hooks/post-checkout', `#!/bin/sh\n${evil}\n`);
  put('.git/hooks/post-index-change', `#!/bin/sh\n${evil}\n`);
  for (const name of ['post-checkout', 'post-index-change']) chmodSync(join(work, '.git/hooks', name), 0o755);
  const config = `[core]\n\tfsmonitor = "${evil}"\n[filter "evil"]\n\tclean = "${evil}; cat"\n\tsmudge = "${evil}; cat"\n\tprocess = "${evil}"\n`;
  writeFileSync(join(work, '.git/config'), config, { flag: 'a' });
  put('.gitattributes', '* filter=evil\n');
  execFileSync(GIT, ['init', '-q', join(work, 'inner')]);
  writeFileSync(join(work, 'inner/.git/config'), config, { flag: 'a' });
  put('inner/file', 'theirs');
  const before = await repository.snapshot();
  put('a', 'two');
  put('inner/file', 'dirty');
  const after = await repository.snapshot();
  await repository.restore(before, await repository.changes(before, after));
  expect(read('a')).toBe('one');
  expect(existsSync(mark)).toBe(false);
  // The trap works: the project's own git falls into it.
  execFileSync(GIT, ['-C', work, 'status'], { stdio: 'ignore' });
  expect(existsSync(mark)).toBe(true);
});

test.skipIf(skip)('nothing is written or deleted through a link that was put in a folder’s place', async () => {
  const outside = join(root, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'added'), 'not yours');
  writeFileSync(join(outside, 'kept'), 'not yours');
  put('folder/kept', 'before');
  const before = await repository.snapshot();
  put('folder/added', 'new');
  put('folder/kept', 'after');
  const after = await repository.snapshot();
  rmSync(join(work, 'folder'), { recursive: true });
  symlinkSync(outside, join(work, 'folder'));
  await repository.restore(before, await repository.changes(before, after));
  expect(all(outside)).toEqual({ added: 'not yours', kept: 'not yours' });
  expect(read('folder/kept')).toBe('before');
  expect(lstatSync(join(work, 'folder')).isDirectory()).toBe(true);
});

test.skipIf(skip)('what is kept survives a tidying, what is dropped does not', async () => {
  put('a', 'one');
  const before = await repository.snapshot();
  put('a', 'two');
  const after = await repository.snapshot();
  await repository.keep('turn-1', [before, after]);
  await repository.keep('turn-2', [before, after]);
  put('a', 'three');
  await repository.snapshot();
  await repository.drop(['turn-1']);
  expect(await repository.changes(before, after)).toEqual([{ path: 'a', change: 'modified' }]);
  await repository.drop(['turn-2']);
  await expect(repository.changes(before, after)).rejects.toBeInstanceOf(CheckpointProblem);
  expect(statSync(join(root, 'shadow')).mode & 0o077).toBe(0);
});

test.skipIf(skip)('a git that was killed while it wrote does not lock the next one out', async () => {
  put('a', 'one');
  const before = await repository.snapshot();
  writeFileSync(join(root, 'shadow', 'index.lock'), '');
  put('a', 'two');
  expect(await repository.snapshot()).not.toBe(before);
});

test.skipIf(skip)('a git that is not there, and one that fails, are told apart', async () => {
  const none = createShadowRepository({ git: '/nowhere/git', gitDir: join(root, 'other'), workTree: work });
  await expect(none.snapshot()).rejects.toMatchObject({ reason: 'no-git' });
  await repository.snapshot();
  writeFileSync(join(root, 'shadow', 'index'), 'damaged');
  await expect(repository.snapshot()).rejects.toMatchObject({ reason: 'git-failed' });
});
