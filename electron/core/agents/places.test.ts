import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownPlaces } from './places.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'perch-places-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const foldersOf = async (own: string[], environment: Record<string, string> = {}) =>
  (await knownPlaces(own, { home, environment, platform: 'linux' })).map(({ folder }) => folder);

test("an agent's own folder goes first, then the prefix of npm, then where everybody puts programs", async () => {
  const folders = await foldersOf(['~/.tool/bin'], { NPM_CONFIG_PREFIX: '/prefix' });
  expect(folders.slice(0, 3)).toEqual([join(home, '.tool/bin'), '/prefix/bin', join(home, '.local/bin')]);
  expect(folders).toContain('/prefix/lib/node_modules');
});

test('of several versions of Node the newest goes first', async () => {
  for (const version of ['v9.11.2', 'v22.1.0', 'v22.10.0'])
    mkdirSync(join(home, '.nvm/versions/node', version), { recursive: true });
  const nvm = (await foldersOf([])).filter((folder) => folder.includes('.nvm'));
  expect(nvm).toEqual(
    ['v22.10.0', 'v22.1.0', 'v9.11.2'].map((one) => join(home, '.nvm/versions/node', one, 'lib/node_modules')),
  );
});

test('a package with a scope lies one folder deeper', async () => {
  mkdirSync(join(home, '.volta/tools/image/packages/@scope/tool'), { recursive: true });
  expect(await foldersOf([])).toContain(join(home, '.volta/tools/image/packages/@scope/tool/lib/node_modules'));
});
