/**
 * `npm run dev`: builds, opens the window in the browser, and on every change builds again: the core and the runner
 * start anew, the window asks to be reloaded. Data lives in `out/dev-data`, apart from the real one.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, say } from './lib/install.mjs';
import { nodeExecutable, root, toolEnvironment } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const WATCHED = ['electron', 'shared', 'renderer', 'resources'];
/** Editors write a file in several steps; one build for all of them. */
const SETTLE_MS = 150;

await ensureInstalled();
let host;
let settling;
let building = false;
let changedMeanwhile = false;

await rebuild({ open: true });
for (const folder of WATCHED) watch(join(root, folder), { recursive: true }, onChange);
say('Watching for changes. Press Ctrl+C to end.');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopHost().then(() => process.exit(0)));

function onChange(_event, name) {
  if (name?.endsWith('.test.ts') || name?.includes('node_modules')) return;
  clearTimeout(settling);
  settling = setTimeout(() => void rebuild({ open: false }), SETTLE_MS);
}

async function rebuild({ open }) {
  if (building) {
    changedMeanwhile = true;
    return;
  }
  building = true;
  const status = await run(nodeExecutable(), [join(root, 'scripts', 'build.mjs')]);
  if (status === 0) {
    await stopHost();
    startHost(open);
  } else say('The build failed, so the previous one keeps running.');
  building = false;
  if (changedMeanwhile) {
    changedMeanwhile = false;
    await rebuild({ open: false });
  }
}

function startHost(open) {
  const env = { ...toolEnvironment(), PERCH_DATA_DIR: process.env.PERCH_DATA_DIR ?? join(root, 'out', 'dev-data') };
  const args = [join(root, 'dist', 'loopback.mjs'), '--port', '4180', ...(open ? ['--open'] : [])];
  host = spawn(nodeExecutable(), args, { stdio: 'inherit', env });
}

function stopHost() {
  if (host === undefined || host.exitCode !== null) return Promise.resolve();
  const gone = new Promise((resolve) => host.once('close', resolve));
  host.kill('SIGTERM');
  return gone;
}
