import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAdapter, findInProject, findProgram, type SearchPlaces } from './find.ts';
import { knownPlaces } from './places.ts';
import { type AdapterSpec, agentSchema, type ProgramSpec } from './schema.ts';
import { writeProgram } from './testing/write-program.ts';

let folder: string;
let asked: string[];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-find-')));
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SPEC: ProgramSpec = {
  kind: 'native',
  places: [],
  commands: ['tool'],
  versionArgs: ['--version'],
  package: {
    name: 'tool-cli',
    hasDependencies: false,
    natives: [
      { platform: 'linux-x64', package: 'tool-linux-x64', file: 'bin/tool', requires: 'avx2' },
      { platform: 'linux-x64', package: '@tool/baseline', file: 'bin/tool' },
      { platform: 'darwin-arm64', package: 'tool-darwin', file: 'bin/tool' },
    ],
  },
};
const ADAPTER: AdapterSpec = {
  name: 'tool-acp',
  installCommand: 'npm install -g tool-acp',
  file: 'tool-acp.mjs',
  commands: ['tool-acp'],
  package: { name: '@acp/tool', entry: 'dist/index.js', natives: [], hasDependencies: true },
};

const around = (change: Partial<SearchPlaces> = {}): SearchPlaces => ({
  path: undefined,
  unsure: undefined,
  installed: undefined,
  places: [],
  programsDir: join(folder, 'programs'),
  moduleDirs: [],
  machine: { platform: 'linux-x64', has: () => true },
  askVersion: (file) => {
    asked.push(file);
    return Promise.resolve('9.9.9');
  },
  ...change,
});

const write = (path: string, content: string): string => writeProgram(join(folder, path), content);
const ELF = '\u007fELF....';
const SCRIPT = '#!/bin/sh\nexec something';

function install(modules: string, { native = 'tool-linux-x64' } = {}) {
  write(`${modules}/tool-cli/package.json`, JSON.stringify({ name: 'tool-cli', version: '1.2.3' }));
  write(`${modules}/tool-cli/bin/wrapper.js`, SCRIPT);
  mkdirSync(join(folder, modules, '.bin'), { recursive: true });
  symlinkSync('../tool-cli/bin/wrapper.js', join(folder, modules, '.bin', 'tool'));
  return write(`${modules}/${native}/bin/tool`, ELF);
}

test('an npm wrapper on PATH leads to the program itself', async () => {
  const file = install('lib/node_modules');
  const look = await findProgram(SPEC, around({ path: join(folder, 'lib/node_modules/.bin') }));
  expect(look).toEqual({
    state: 'found',
    program: { file, runBy: 'system', parts: [dirname(dirname(file))], version: '1.2.3', source: 'path' },
    others: [],
  });
  expect(asked).toEqual([]);
});

test('a processor without the feature gets the other build', async () => {
  install('lib/node_modules');
  const file = write('lib/node_modules/@tool/baseline/bin/tool', ELF);
  const machine = { platform: 'linux-x64', has: () => false };
  const look = await findProgram(SPEC, around({ path: join(folder, 'lib/node_modules/.bin'), machine }));
  expect(look).toMatchObject({ program: { file } });
});

test('the platform package may lie inside the package', async () => {
  write('lib/node_modules/tool-cli/package.json', JSON.stringify({ name: 'tool-cli', version: '1.2.3' }));
  write('lib/node_modules/tool-cli/bin/wrapper.js', SCRIPT);
  const file = write('lib/node_modules/tool-cli/node_modules/tool-linux-x64/bin/tool', ELF);
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../lib/node_modules/tool-cli/bin/wrapper.js', join(folder, 'bin/tool'));
  expect(await findProgram(SPEC, around({ path: join(folder, 'bin') }))).toMatchObject({ program: { file } });
});

test('a program without a package is itself, and says its version', async () => {
  const file = write('bin/tool', ELF);
  expect(await findProgram(SPEC, around({ path: join(folder, 'bin') }))).toEqual({
    state: 'found',
    program: { file, runBy: 'system', parts: [file], version: '9.9.9', source: 'path' },
    others: [],
  });
  expect(asked).toEqual([file]);
});

test('nothing that may come from a working directory is started to ask for its version', async () => {
  const planted = write('project/node_modules/.bin/tool', ELF);
  const linked = write('project/build/tool', ELF);
  mkdirSync(join(folder, 'other/node_modules/.bin'), { recursive: true });
  symlinkSync(linked, join(folder, 'other/node_modules/.bin/tool'));

  // npx and npm put these folders on PATH.
  for (const project of ['project', 'other']) {
    const file = project === 'project' ? planted : linked;
    const expected = { state: 'found', program: { file, version: undefined } };
    const path = join(folder, project, 'node_modules/.bin');
    expect(await findProgram(SPEC, around({ path }))).toMatchObject(expected);
    // What a link leads to outside is no part of the project: a session would be shown it.
    const inProject = project === 'project' ? expected : { state: 'could-not-check' };
    expect(await findInProject(SPEC, join(folder, project), around())).toMatchObject(inProject);
  }
  expect(asked).toEqual([]);
});

test('a folder of packages that leads out of the working directory is not followed', async () => {
  install('outside/node_modules');
  mkdirSync(join(folder, 'project/node_modules'), { recursive: true });
  symlinkSync(join(folder, 'outside/node_modules/tool-cli'), join(folder, 'project/node_modules/tool-cli'));
  expect(await findInProject(SPEC, join(folder, 'project'), around())).toMatchObject({ state: 'could-not-check' });
});

test.skipIf(process.platform === 'win32')('nothing waits for a pipe in the place of a package', async () => {
  mkdirSync(join(folder, 'project/node_modules/tool-cli'), { recursive: true });
  spawnSync('mkfifo', [join(folder, 'project/node_modules/tool-cli/package.json')]);
  expect(await findInProject(SPEC, join(folder, 'project'), around())).toEqual({ state: 'missing' });
});

test('a script that hides the program is not missing: it could not be checked', async () => {
  const file = write('bin/tool', SCRIPT);
  expect(await findProgram(SPEC, around({ path: join(folder, 'bin') }))).toEqual({
    state: 'could-not-check',
    reason: expect.stringContaining(file),
  });
});

test('a package whose program for this machine is not there could not be checked', async () => {
  install('lib/node_modules');
  const machine = { platform: 'sunos-sparc', has: () => true };
  const look = await findProgram(SPEC, around({ path: join(folder, 'lib/node_modules/.bin'), machine }));
  expect(look).toMatchObject({ state: 'could-not-check' });
});

test('the first on PATH counts; relative entries, folders and what is not there do not', async () => {
  mkdirSync(join(folder, 'folder/tool'), { recursive: true });
  const first = write('first/tool', ELF);
  write('second/tool', ELF);
  const path = ['', '.', 'relative', ...['gone', 'folder', 'first', 'second'].map((name) => join(folder, name))];
  const look = await findProgram(SPEC, around({ path: path.join(delimiter) }));
  expect(look).toMatchObject({ program: { file: first } });
});

test('a link that leads nowhere is nothing', async () => {
  mkdirSync(join(folder, 'bin'));
  symlinkSync('nowhere', join(folder, 'bin/tool'));
  expect(await findProgram(SPEC, around({ path: join(folder, 'bin') }))).toEqual({ state: 'missing' });
});

test("after PATH come Perch's own packages, and the working directory only when asked", async () => {
  const own = install('perch/node_modules');
  const look = await findProgram(SPEC, around({ moduleDirs: [join(folder, 'perch/node_modules')] }));
  expect(look).toMatchObject({ program: { file: own, source: 'perch' } });

  const theirs = install('project/node_modules');
  expect(await findProgram(SPEC, around())).toEqual({ state: 'missing' });
  expect(await findInProject(SPEC, join(folder, 'project'), around())).toMatchObject({
    program: { file: theirs, source: 'project' },
  });
});

test('what Perch installed goes first; the others are told, each once', async () => {
  const installed = install('own/node_modules');
  const onPath = install('lib/node_modules');
  const placed = write('home/.local/bin/tool', ELF);
  mkdirSync(join(folder, 'links'));
  symlinkSync(placed, join(folder, 'links/tool'));
  const look = await findProgram(
    SPEC,
    around({
      installed: join(folder, 'own/node_modules'),
      path: [join(folder, 'lib/node_modules/.bin'), join(folder, 'links')].join(delimiter),
      places: [
        { kind: 'programs', folder: join(folder, 'home/.local/bin') },
        { kind: 'modules', folder: join(folder, 'lib/node_modules') },
      ],
    }),
  );
  expect(look).toMatchObject({
    state: 'found',
    program: { file: installed, source: 'installed' },
    others: [
      { file: onPath, source: 'path', version: '1.2.3' },
      { file: placed, source: 'path', version: '9.9.9' },
    ],
  });
});

test("a version manager's stand-in is not the program; its packages are", async () => {
  write('.volta/bin/volta-shim', ELF);
  symlinkSync('volta-shim', join(folder, '.volta/bin/tool'));
  const path = join(folder, '.volta/bin');
  expect(await findProgram(SPEC, around({ path }))).toMatchObject({ state: 'could-not-check' });
  expect(asked).toEqual([]);
  const file = install('.volta/tools/image/packages/tool-cli/lib/node_modules');
  const places = await knownPlaces([], { home: folder, environment: {}, platform: 'linux' });
  const look = await findProgram(SPEC, around({ path, places }));
  expect(look).toMatchObject({ state: 'found', program: { file, source: 'place' } });
});

test('a script that hides the program does not hide another one', async () => {
  write('first/tool', SCRIPT);
  const file = write('second/tool', ELF);
  const path = ['first', 'second'].map((name) => join(folder, name)).join(delimiter);
  expect(await findProgram(SPEC, around({ path }))).toMatchObject({ state: 'found', program: { file } });
});

test('while PATH is not known, nothing is surely missing; what is found is found', async () => {
  const unsure = 'the shell hangs';
  expect(await findProgram(SPEC, around({ unsure }))).toEqual({ state: 'could-not-check', reason: unsure });
  const file = write('bin/tool', ELF);
  expect(await findProgram(SPEC, around({ unsure, path: join(folder, 'bin') }))).toMatchObject({ program: { file } });
  expect(await findProgram({ kind: 'built-in', file: 'gone.mjs' }, around({ unsure }))).toEqual({ state: 'missing' });
});

test("a built-in program comes from Perch's own folder", async () => {
  const spec: ProgramSpec = { kind: 'built-in', file: 'demo.mjs' };
  expect(await findProgram(spec, around())).toEqual({ state: 'missing' });
  const file = write('programs/demo.mjs', '');
  expect(await findProgram(spec, around())).toMatchObject({ program: { file, runBy: 'node', source: 'built-in' } });
});

test('JavaScript is found by its package, and needs no wrapper', async () => {
  const spec: ProgramSpec = {
    kind: 'node',
    places: [],
    commands: ['js'],
    package: { name: '@x/js', entry: 'bundle/js.js', natives: [], hasDependencies: false },
  };
  write('lib/node_modules/@x/js/package.json', JSON.stringify({ name: '@x/js', version: '2.0.0' }));
  const file = write('lib/node_modules/@x/js/bundle/js.js', SCRIPT);
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../lib/node_modules/@x/js/bundle/js.js', join(folder, 'bin/js'));
  expect(await findProgram(spec, around({ path: join(folder, 'bin') }))).toEqual({
    state: 'found',
    program: { file, runBy: 'node', parts: [dirname(dirname(file))], version: '2.0.0', source: 'path' },
    others: [],
  });
});

test('the adapter that comes with Perch goes before any other', async () => {
  write('mods/node_modules/@acp/tool/package.json', JSON.stringify({ name: '@acp/tool', version: '1.0.0' }));
  const packaged = write('mods/node_modules/@acp/tool/dist/index.js', '');
  const searchPlaces = around({ moduleDirs: [join(folder, 'mods/node_modules')] });
  expect(await findAdapter(ADAPTER, undefined, searchPlaces)).toMatchObject({
    // It needs packages beside it, so it sees the whole folder of packages.
    program: { file: packaged, parts: [join(folder, 'mods/node_modules')] },
  });
  const own = write('programs/tool-acp.mjs', '');
  expect(await findAdapter(ADAPTER, undefined, searchPlaces)).toMatchObject({ program: { file: own, parts: [own] } });
});

test('an adapter beside the agent is the last resort', async () => {
  const file = install('lib/node_modules');
  const agent = { file, runBy: 'system', parts: [], version: undefined, source: 'path' } as const;
  expect(await findAdapter(ADAPTER, agent, around())).toEqual({ state: 'missing' });
  write('lib/node_modules/@acp/tool/package.json', JSON.stringify({ name: '@acp/tool', version: '1.0.0' }));
  const beside = write('lib/node_modules/@acp/tool/dist/index.js', '');
  expect(await findAdapter(ADAPTER, agent, around())).toMatchObject({ program: { file: beside } });
});

test('a description without commands is refused', () => {
  expect(agentSchema.shape.program.safeParse({ kind: 'native', commands: [] }).success).toBe(false);
});
