import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../node/clock.ts';
import { createFolderWatch, type FolderWatch } from './watch.ts';

let folder: string;
let watch: FolderWatch;
let changed: string[];
let failures: string[];
let heard: PromiseWithResolvers<void>;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-watch-')));
  mkdirSync(join(folder, 'a'));
  [changed, failures, heard] = [[], [], Promise.withResolvers()];
  watch = createFolderWatch({
    clock: systemClock,
    onChange(directory) {
      changed.push(directory);
      heard.resolve();
    },
    onFailure: (directory) => void failures.push(directory),
  });
});
afterEach(() => {
  watch.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'a', 'perch.toml');
const next = async () => {
  await heard.promise;
  heard = Promise.withResolvers();
};

test('a file that is written, replaced or removed is told of, once it is left alone', { timeout: 60_000 }, async () => {
  watch.follow([join(folder, 'a')]);
  writeFileSync(file(), 'one');
  await next();
  writeFileSync(`${file()}.new`, 'two');
  renameSync(`${file()}.new`, file());
  await next();
  rmSync(file());
  await next();
  expect(new Set(changed)).toEqual(new Set([join(folder, 'a')]));
});

test('a folder that is not there is told of, and one that is followed no more is silent', {
  timeout: 60_000,
}, async () => {
  mkdirSync(join(folder, 'b'));
  watch.follow([join(folder, 'gone'), join(folder, 'a'), join(folder, 'b')]);
  expect(failures).toEqual([join(folder, 'gone')]);
  watch.follow([join(folder, 'b')]);
  writeFileSync(file(), 'x');
  writeFileSync(join(folder, 'b', 'other.txt'), 'x');
  writeFileSync(join(folder, 'b', 'perch.toml'), 'x');
  await next();
  expect(changed).toEqual([join(folder, 'b')]);
});

test('a link is followed to what it leads to, also when it leads elsewhere later', { timeout: 60_000 }, async () => {
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'shared.toml'), name);
  }
  symlinkSync(join(folder, 'one', 'shared.toml'), file());
  watch.follow([join(folder, 'a')]);
  writeFileSync(join(folder, 'one', 'shared.toml'), 'changed');
  await next();
  symlinkSync(join(folder, 'two', 'shared.toml'), `${file()}.new`);
  renameSync(`${file()}.new`, file());
  await next();
  writeFileSync(join(folder, 'two', 'shared.toml'), 'changed');
  await next();
  expect(new Set(changed)).toEqual(new Set([join(folder, 'a')]));
});
