import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expandFolder, lookAtTyped } from './typed-folder.ts';

let root: string;
let home: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-typed-')));
  home = join(root, 'home');
  for (const name of ['src/app', 'src/api docs', 'src/.hidden', '.ssh'])
    mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, 'src', 'a-file'), '');
  symlinkSync(join(home, 'src', 'app'), join(home, 'src', 'alias'));
  symlinkSync(join(home, 'src', 'a-file'), join(home, 'src', 'also-a-file'));
});
afterEach(() => rmSync(root, { recursive: true }));

const look = (typed: string, sandboxed = true) =>
  lookAtTyped(
    { typed, sandboxed },
    { homeDir: home, dataDir: join(root, 'data'), scratchDir: join(root, 'data', 'scratch') },
  );

test.each([
  ['~/src/app', 'src/app'],
  ['src/app', 'src/app'],
  ['./src/../src/app/', 'src/app'],
  ['  ~/src/app \n', 'src/app'],
  ['"~/src/api docs"', 'src/api docs'],
  ["'~/src/api docs' ", 'src/api docs'],
])('%j is the folder that is meant, and can be used', async (typed, path) => {
  expect(await look(typed)).toMatchObject({ directory: join(home, path) });
  expect((await look(typed)).problem).toBeUndefined();
});

test('a file address, its escapes too', async () => {
  const directory = join(home, 'src', 'api docs');
  expect(await look(pathToFileURL(directory).href)).toEqual({ directory, completions: [] });
});

test.each([
  ['~', 'PROJECT_TOO_WIDE'],
  ['/', 'PROJECT_TOO_WIDE'],
  ['~/.ssh', 'PROJECT_TOO_WIDE'],
  ['~/nosuch', 'PROJECT_NOT_FOUND'],
  ['file://elsewhere/share', 'PROJECT_NOT_FOUND'],
  ['a\0b', 'PROJECT_NOT_FOUND'],
  ['~/src/a-file', 'PROJECT_NOT_A_DIRECTORY'],
])('%j: %s', async (typed, code) => {
  expect(await look(typed)).toMatchObject({ problem: { code } });
});

test('a wide folder is none of the sandbox’s business where there is none', async () => {
  expect(await look('~', false)).toMatchObject({ directory: home });
  expect((await look('~', false)).problem).toBeUndefined();
});

test('nothing typed is no finding', async () => {
  expect(await look('  ')).toEqual({ directory: null, completions: [] });
});

test('folders are proposed, links to folders too; files not, hidden ones only when asked for', async () => {
  const names = async (typed: string) => (await look(typed)).completions.map((path) => path.slice(home.length + 1));
  expect(await names('~/src/a')).toEqual(['src/alias', 'src/api docs', 'src/app']);
  expect(await names('~/src/')).toEqual(['src/alias', 'src/api docs', 'src/app']);
  expect(await names('~/src/AP')).toEqual(['src/api docs', 'src/app']);
  expect(await names('~/src/.')).toEqual([]);
  expect(await names('~/src/.h')).toEqual(['src/.hidden']);
  expect(await names('~/nosuch/a')).toEqual([]);
});

test('no more than twelve', async () => {
  for (let at = 0; at < 30; at++) mkdirSync(join(home, 'src', `many-${at}`));
  expect((await look('~/src/many')).completions).toHaveLength(12);
});

test('a relative path of the command line is one of its own folder', () => {
  expect(expandFolder('sub', { homeDir: home, base: '/srv' })).toBe('/srv/sub');
  expect(expandFolder('~/src', { homeDir: home, base: '/srv' })).toBe(join(home, 'src'));
});
