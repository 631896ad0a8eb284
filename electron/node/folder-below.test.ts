import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from './byte-names.ts';
import { inFolderBelow, isGone } from './folder-below.ts';

const isLinux = process.platform === 'linux';
const isWindows = process.platform === 'win32';

describe.skipIf(isWindows)('a folder below another one', () => {
  let base: string;
  let root: string;
  let outside: string;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'perch-below-')));
    root = join(base, 'root');
    outside = join(base, 'outside');
    mkdirSync(join(root, 'a/b'), { recursive: true });
    mkdirSync(join(outside, 'b'), { recursive: true });
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const write = (folder: string, options = {}) =>
    inFolderBelow(root, join(root, folder), (path) => writeFileSync(`${path}/file`, 'text'), options);
  const errorOf = (work: () => void): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('is reached through plain folders, and so is the root itself', () => {
    write('a/b');
    write('');
    expect(readFileSync(join(root, 'a/b/file'), 'utf8')).toBe('text');
    expect(existsSync(join(root, 'file'))).toBe(true);
  });

  it('answers with what the callback answers, and lets its error through', () => {
    expect(inFolderBelow(root, join(root, 'a'), (path) => readdirSync(path))).toEqual(['b']);
    const failure = new Error('of the callback');
    const fail = () => {
      throw failure;
    };
    expect(errorOf(() => inFolderBelow(root, root, fail))).toBe(failure);
  });

  it.each(['..', '../outside', 'a/../../outside', '../rootless'])('outside of the root is refused: %s', (folder) => {
    expect(() => write(folder)).toThrow(/is not in/);
    expect(readdirSync(outside)).toEqual(['b']);
  });

  it('may have a name that begins with two dots', () => {
    mkdirSync(join(root, '..a'));
    write('..a');
    expect(existsSync(join(root, '..a/file'))).toBe(true);
  });

  it.each([
    ['in the place of the folder', 'a/link', 'a/link'],
    ['on the way to it', 'link', 'link/b'],
  ])('a link %s is not followed', (_, link, folder) => {
    symlinkSync(outside, join(root, link));
    const naive = join(root, folder, 'naive');
    writeFileSync(naive, 'reaches the outside');
    expect(isGone(errorOf(() => write(folder)))).toBe(true);
    expect(isGone(errorOf(() => write(folder, { make: 0o700 })))).toBe(true);
    expect(readdirSync(outside, { recursive: true }).filter((name) => String(name).endsWith('file'))).toEqual([]);
    expect(existsSync(naive)).toBe(true);
  });

  it('a link in the place of the root is not followed', () => {
    symlinkSync(outside, join(base, 'other'));
    const other = join(base, 'other');
    expect(isGone(errorOf(() => inFolderBelow(other, join(other, 'b'), () => undefined)))).toBe(true);
  });

  it('a file on the way is no folder, and a missing folder is missing', () => {
    writeFileSync(join(root, 'plain'), '');
    expect(errorOf(() => write('plain/b'))).toMatchObject({ code: 'ENOTDIR' });
    expect(errorOf(() => write('none/b'))).toMatchObject({ code: 'ENOENT' });
    expect(errorOf(() => write('plain/b', { make: 0o700 }))).toMatchObject({ code: 'ENOTDIR' });
  });

  it('missing folders are made when that is asked for, with their mode', () => {
    write('new/er', { make: 0o700 });
    expect(statSync(join(root, 'new')).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(root, 'new/er/file'), 'utf8')).toBe('text');
  });

  it.skipIf(!isLinux)('is found under a name that is no UTF-8', () => {
    const name = `a/${'\udcff'}`;
    mkdirSync(bytesOf(join(root, name)));
    inFolderBelow(root, join(root, name), (path) => writeFileSync(`${path}/file`, 'text'));
    expect(readdirSync(bytesOf(join(root, name)))).toEqual(['file']);
  });

  it.skipIf(!isLinux)('need not be readable to be passed through', () => {
    chmodSync(join(root, 'a'), 0o300);
    write('a/b');
    chmodSync(join(root, 'a'), 0o700);
    expect(existsSync(join(root, 'a/b/file'))).toBe(true);
  });

  it.skipIf(!isLinux)('leaves no descriptor open, whether it ends well or not', () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let count = 0; count < 50; count++) {
      write('a/b');
      errorOf(() => write('none/b'));
      errorOf(() => write('../outside'));
    }
    expect(open()).toBeLessThan(before + 50);
  });

  it.skipIf(!isLinux)('stays the same folder when it is renamed and a link takes its place', () => {
    inFolderBelow(root, join(root, 'a'), (path) => {
      renameSync(join(root, 'a'), join(root, 'moved'));
      symlinkSync(outside, join(root, 'a'));
      writeFileSync(join(root, 'a', 'control'), '');
      writeFileSync(`${path}/file`, 'text');
    });
    expect(readdirSync(join(root, 'moved')).sort()).toEqual(['b', 'file']);
    expect(readdirSync(outside).sort()).toEqual(['b', 'control']);
  });

  describe.skipIf(!isLinux)('while another process swaps a folder on the way for a link', () => {
    let swapper: ChildProcess;
    beforeEach(async () => {
      symlinkSync(outside, join(root, 'link'));
      // A folder that is made in the meantime is in the way of the swap, and goes.
      const script = `
        const { renameSync, rmSync } = require('node:fs');
        process.chdir(${JSON.stringify(root)});
        const move = (from, to) => {
          for (;;) {
            try { return renameSync(from, to); } catch {}
            try { rmSync(to, { recursive: true, force: true }); } catch {}
          }
        };
        process.stdout.write('ready');
        for (;;) {
          move('a', 'folder'); move('link', 'a');
          move('a', 'link'); move('folder', 'a');
        }`;
      swapper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(swapper.stdout ?? swapper, 'data');
    });
    afterEach(async () => {
      const ended = once(swapper, 'exit');
      swapper.kill('SIGKILL');
      await ended;
    });

    const inTime = (isDone: () => boolean, attempt: () => void): void => {
      const end = Date.now() + 20_000;
      while (!isDone()) {
        if (Date.now() > end) throw new Error('the other process swapped too seldom');
        attempt();
      }
    };
    /** Tries until it saw a success and a refusal by a link often enough. */
    const tryOften = (attempt: () => void): void => {
      let done = 0;
      let refused = 0;
      inTime(
        () => done >= 30 && refused >= 30,
        () => {
          const error = errorOf(attempt);
          if (error === undefined) done += 1;
          else if (isGone(error)) refused += 1;
          else throw error;
        },
      );
    };

    it('a write never lands outside; one by its path does', () => {
      tryOften(() => write('a/b'));
      expect(readdirSync(join(outside, 'b'))).toEqual([]);
      const control = join(outside, 'b/control');
      inTime(
        () => existsSync(control),
        () => errorOf(() => writeFileSync(join(root, 'a/b/control'), '')),
      );
    });

    it('no folder is made outside', () => {
      tryOften(() => write('a/b/c', { make: 0o700 }));
      expect(readdirSync(join(outside, 'b'))).toEqual([]);
    });
  });
});
