import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { furnishStore, storeParts, worktreeStoreOf } from './git-store.ts';

const uid = process.getuid?.();
let root: string;
const at = (...names: string[]): string => join(root, ...names);
const git = (folder: string, ...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: root },
    stdio: 'pipe',
  });
const found = (folder = at('tree'), closed: string[] = []) => worktreeStoreOf(folder, { uid, closed });

function makeRepository(name: string): void {
  git(root, 'init', '-q', name);
  git(at(name), 'commit', '-q', '--allow-empty', '-m', 'x');
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-store-')));
  makeRepository('main');
  git(at('main'), 'worktree', 'add', '-q', '-b', 'perch/1', at('tree'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(uid === undefined)('the store of a worktree', () => {
  test('is found when every part leads back to the others', () => {
    expect(found()).toEqual({ store: at('main/.git/worktrees/tree'), common: at('main/.git') });
    expect(found(at('main'))).toBeUndefined();
    expect(found(root)).toBeUndefined();
  });

  const forged: readonly (readonly [string, () => void])[] = [
    ['the folder of another repository', () => write('tree/.git', `gitdir: ${at('other/.git')}`)],
    ["another worktree's store", () => write('tree/.git', `gitdir: ${at('other/.git/worktrees/theirs')}`)],
    ['a folder of secrets', () => write('tree/.git', `gitdir: ${at('.ssh')}`)],
    ['a folder of secrets that looks like one', () => write('tree/.git', `gitdir: ${at('.ssh/worktrees/tree')}`)],
    ['a second line', () => write('tree/.git', `gitdir: ${at('main/.git/worktrees/tree')}\ngitdir: /`)],
    ['a link to the file', () => link('tree/.git', at('main/link'), readFileSync(at('tree/.git'), 'utf8'))],
    ['a store that names another folder', () => write('main/.git/worktrees/tree/gitdir', at('other-tree/.git'))],
    [
      'a store that shares with another repository',
      () => write('main/.git/worktrees/tree/commondir', at('other/.git')),
    ],
    ['a store whose way back is a link', () => link('main/.git/worktrees/tree/gitdir', at('back'), at('tree/.git'))],
    ['a store behind a link', () => behindLink('main/.git/worktrees/tree')],
    ['a repository behind a link', () => behindLink('main/.git')],
  ];
  const write = (path: string, text: string): void => writeFileSync(at(path), `${text}\n`);
  const link = (path: string, target: string, text: string): void => {
    writeFileSync(target, text);
    rmSync(at(path));
    symlinkSync(target, at(path));
  };
  const behindLink = (path: string): void => {
    execFileSync('mv', [at(path), at('moved')]);
    symlinkSync(at('moved'), at(path));
  };

  test.each(forged)('is not %s', (_name, forge) => {
    makeRepository('other');
    git(at('other'), 'worktree', 'add', '-q', at('theirs'));
    mkdirSync(at('.ssh/worktrees/tree'), { recursive: true });
    write('.ssh/worktrees/tree/gitdir', at('tree/.git'));
    write('.ssh/worktrees/tree/commondir', '../..');
    expect(found()).toBeDefined();
    forge();
    expect(found()).toBeUndefined();
  });

  test("is not in the working directory itself, not around it, not in Perch's data, and not somebody else's", () => {
    expect(found(at('tree'), [at('main')])).toBeUndefined();
    expect(worktreeStoreOf(at('tree'), { uid: (uid ?? 0) + 1, closed: [] })).toBeUndefined();
    git(at('main'), 'worktree', 'add', '-q', at('main/.git/inside'));
    expect(found(at('main/.git/inside'))).toBeUndefined();
    execFileSync('mv', [at('main'), at('tree/main')]);
    write('tree/.git', `gitdir: ${at('tree/main/.git/worktrees/tree')}`);
    expect(found()).toBeUndefined();
  });

  test('gets what mounts lie on, also after git took empty folders away', () => {
    const store = found();
    if (store === undefined) throw new Error('there is no store');
    git(at('main'), 'pack-refs', '--all');
    rmSync(at('main/.git/refs/heads/perch'), { recursive: true, force: true });
    expect(furnishStore(store, uid)).toBe(true);
    const { readOnly, writable, free } = storeParts(store);
    for (const path of [...readOnly, ...writable]) expect([path, existsSync(path)]).toEqual([path, true]);
    expect(free.some((path) => existsSync(path))).toBe(false);
    git(at('tree'), 'commit', '-q', '--allow-empty', '-m', 'goes on');
  });

  test('gets nothing when something else is in the place of what may be written', () => {
    const store = found();
    if (store === undefined) throw new Error('there is no store');
    mkdirSync(at('.ssh'));
    git(at('main'), 'pack-refs', '--all');
    rmSync(at('main/.git/refs/heads/perch'), { recursive: true, force: true });
    symlinkSync(at('.ssh'), at('main/.git/refs/heads/perch'));
    expect(furnishStore(store, uid)).toBe(false);
  });
});
