import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasAllOfLock } from './installed.mjs';
import { NODE_MAJOR, nodeExecutable, nodeHeaders, root } from './paths.mjs';
import { capture, run } from './run.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.perch-install');

/** Where the outcome of node-pty's build is kept; the application reads it to say why terminals are off. */
export const terminalsFile = join(modules, '.perch-terminals.json');

/**
 * Installs what the lock file says, when `node_modules` was not made from this very lock file. A build of node-pty that
 * failed is tried again with `retryTerminals`: the missing compiler may be there by now.
 */
export async function ensureInstalled({ retryTerminals = false } = {}) {
  const wanted = lockHash(root);
  await install(root, wanted, 'packages');
  linkOwnCommand();
  requireNode();
  await ensureTerminals(retryTerminals);
}

/** Installs a nested manifest (the agents that tests run) the same way. */
export async function ensureNestedInstalled(folder) {
  await install(folder, lockHash(folder), folder.slice(root.length + 1));
}

/** The stamp is written when an installation is complete, and goes with the modules when npm begins a new one. */
async function install(folder, wanted, what) {
  const stamp = join(folder, 'node_modules', '.perch-install');
  const before = read(stamp);
  if (before === wanted) return;
  if (before === undefined || !hasAllOfLock(folder)) {
    say(`Installing ${what} (once, until the lock file changes) …`);
    await npmCi(folder);
  }
  writeFileSync(stamp, wanted);
}

/**
 * Install scripts stay off: what they would do is done here by name, so that one that fails on a closed network
 * cannot stop the installation.
 */
async function npmCi(cwd) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const status = await run(npm, args, { cwd, shell: process.platform === 'win32' });
  // Perch's npm installs agents. On the PATH of `npm start` it would take the place of the one that installs Perch.
  for (const name of ['npm', 'npx']) {
    for (const end of ['', '.cmd', '.ps1']) rmSync(join(cwd, 'node_modules', '.bin', `${name}${end}`), { force: true });
  }
  if (status !== 0) {
    say('npm could not install the packages; its message is above. Check the network, then try again.');
    process.exit(status);
  }
}

/** node-pty is the one module that is compiled. Without it terminals are off, and nothing else. */
async function ensureTerminals(retry) {
  const version = `${process.platform}-${process.arch}-${NODE_MAJOR}`;
  const before = JSON.parse(read(terminalsFile) ?? '{}');
  // A new installation takes this file away: what is built stays built until then.
  const isBuilt = before.state === 'available';
  if (before.version === version && (isBuilt || (before.tried === read(stampFile) && !retry))) return;
  if (!existsSync(join(modules, 'node-pty'))) {
    return recordTerminals({ version, state: 'unavailable', reason: 'node-pty is not installed' });
  }
  const headers = nodeHeaders();
  const { status, output } = await capture(
    'npm',
    ['rebuild', 'node-pty', '--ignore-scripts=false', '--loglevel=error'],
    {
      shell: process.platform === 'win32',
      env: headers === undefined ? {} : { npm_config_nodedir: headers, npm_package_config_node_gyp_nodedir: headers },
    },
  );
  if (status === 0) return recordTerminals({ version, state: 'available' });
  const reason = causeOf(output);
  say(`Terminals do not work, because npm could not build node-pty (${reason}). Everything else works.`);
  recordTerminals({ version, state: 'unavailable', reason });
}

function recordTerminals(outcome) {
  writeFileSync(terminalsFile, JSON.stringify({ ...outcome, tried: read(stampFile) }));
}

/** `npx perch` finds a checkout's own command only if it is linked like that of any other package. */
function linkOwnCommand() {
  if (process.platform === 'win32') return;
  const link = join(modules, '.bin', 'perch');
  if (existsSync(link)) return;
  mkdirSync(join(modules, '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../bin/perch.mjs', link);
}

function requireNode() {
  if (nodeExecutable() !== undefined) return;
  say(
    `Perch needs Node ${NODE_MAJOR}, and this is ${process.version}. Install it: there is no Node package for ${process.platform}-${process.arch}.`,
  );
  process.exit(1);
}

/** The fields of a manifest that decide what npm installs. */
const INSTALLED_BY = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'allowScripts'];

function lockHash(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // A new script or description installs nothing anew.
  const wanted = INSTALLED_BY.map((field) => [field, manifest[field]]);
  return createHash('sha256')
    .update(`${process.platform}-${process.arch}\n${JSON.stringify(wanted)}\n`)
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The first line of a failed build that names a cause. */
function causeOf(output) {
  const lines = output.split('\n').map((line) => line.replace(/^(npm error|gyp ERR!)\s*/, '').trim());
  const cause = lines.find((line) => /not found|no such file|: error|\bError [1-9]|stack Error/i.test(line));
  return (cause ?? lines.find(Boolean) ?? 'no message').slice(0, 200);
}

export function say(sentence) {
  process.stderr.write(`perch: ${sentence}\n`);
}
