import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './install.mjs';
import { nodeExecutable, root } from './paths.mjs';
import { must } from './run.mjs';

const stampFile = join(root, 'dist', '.built-from');
const SOURCES = ['electron', 'shared', 'renderer', 'resources', 'scripts', 'package.json', 'package-lock.json'];

/** Builds `dist/` when a source is newer than what it was built from. */
export async function ensureBuilt() {
  const newest = String(Math.max(...SOURCES.map((name) => newestChange(join(root, name)))));
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === newest) return;
  say('Building …');
  // The build's own output goes to stderr: a command's stdout belongs to the command.
  await must(nodeExecutable(), [join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 2, 2] });
  writeFileSync(stampFile, newest);
}

function newestChange(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'node_modules' && !name.endsWith('.test.ts'));
  return Math.max(0, ...inside.map((name) => newestChange(join(path, name))));
}
