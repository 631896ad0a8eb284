/**
 * Root's tests of the sandbox run as an ordinary user too. That user has to be able to read the programs under test and
 * to run Node, which a checkout in a closed home (`/root`, mode 0700) does not let it. Then a copy of what it runs lies
 * in a temporary folder for the time of the tests.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TEST_PROGRAMS } from './test-programs.mjs';

/** The user `nobody` of every Linux. */
const ORDINARY = 65534;
const SETPRIV = '/usr/bin/setpriv';
const AS_ORDINARY = [SETPRIV, '--reuid', `${ORDINARY}`, '--regid', `${ORDINARY}`, '--clear-groups', '--'];

/** The variables that tell the tests: where the readable checkout is, its Node, or why there is no ordinary user. */
export const CHECKOUT = 'PERCH_TEST_CHECKOUT';
export const NODE = 'PERCH_TEST_NODE';
export const NO_ORDINARY_USER = 'PERCH_TEST_NO_ORDINARY_USER';

/** Folders and files of the checkout that an ordinary user's tests read, besides the packages that the program uses. */
const PARTS = [
  'package.json',
  'package-lock.json',
  'shared',
  'resources',
  'electron',
  'dist',
  TEST_PROGRAMS,
  'e2e/escape',
  'e2e/fake-agents',
  'e2e/mcp-server',
];

/**
 * Finds where programs of the tests can lie and run, and copies them there when the checkout itself is closed.
 * @param {{ root: string, node: string, say: (sentence: string) => void, candidates?: string[], isRoot?: boolean }} given
 * @returns the environment for the tests, and what removes the copy
 */
export function prepareOrdinaryUser({ root, node, say, candidates = placesFor(root), isRoot = isRootUser() }) {
  const nothing = { environment: {}, dispose: () => {} };
  if (process.platform !== 'linux') return nothing;
  const reasons = [];
  for (const place of candidates) {
    const own = tryPlace(place, []);
    if (own !== undefined) {
      reasons.push(`${place}: ${own}`);
      continue;
    }
    const temporary = place === candidates[0] ? {} : { TMPDIR: place };
    if (place !== candidates[0]) say(`The tests keep their temporary files in ${place} (${reasons.join('; ')}).`);
    return isRoot
      ? forOrdinaryUser({ root, node, say, place, temporary, candidates })
      : { ...nothing, environment: temporary };
  }
  say(
    `The tests found no temporary folder that they can run programs from (${reasons.join('; ')}): some tests will fail.`,
  );
  return nothing;
}

function forOrdinaryUser({ root, node, say, place, temporary, candidates }) {
  const missing = (reason) => {
    say(`No test runs as an ordinary user, because ${reason}.`);
    return { environment: { ...temporary, [NO_ORDINARY_USER]: reason }, dispose: () => {} };
  };
  if (!existsSync(SETPRIV)) return missing(`${SETPRIV} is not installed (package util-linux)`);
  const open = [place, ...candidates].find((one) => tryPlace(one, AS_ORDINARY) === undefined);
  if (open === undefined) return missing(`an ordinary user can run nothing in ${[...new Set(candidates)].join(', ')}`);
  const elsewhere = open === place ? temporary : { TMPDIR: open };
  if (open !== place) say(`The tests keep their temporary files in ${open}: an ordinary user cannot use ${place}.`);
  const readable = whyUnreadable(root, node);
  if (readable === undefined) return { environment: elsewhere, dispose: () => {} };
  const copy = stage(root, node, open);
  const dispose = () => rmSync(copy.folder, { recursive: true, force: true });
  process.once('exit', dispose);
  const still = whyUnreadable(copy.checkout, copy.node);
  if (still !== undefined) {
    dispose();
    return missing(`its copy of the programs in ${open} is not readable either (${still})`);
  }
  say(`An ordinary user cannot read this checkout (${readable}): its tests run from a copy in ${copy.folder}.`);
  return { environment: { ...elsewhere, [CHECKOUT]: copy.checkout, [NODE]: copy.node }, dispose };
}

const isRootUser = () => process.getuid?.() === 0;

/** The system's temporary folder first: what tests make there is where a project of a user may be, too. */
function placesFor(root) {
  return [tmpdir(), '/var/tmp', '/dev/shm', join(root, 'out')];
}

/** Why a program in that folder cannot be run by that user; undefined when it can. A mount may forbid it (`noexec`). */
function tryPlace(place, prefix) {
  let folder;
  try {
    if (place.endsWith('/out')) mkdirSync(place, { recursive: true });
    folder = mkdtempSync(join(place, 'perch-try-'));
    chmodSync(folder, 0o755);
    const file = join(folder, 'program');
    writeFileSync(file, '#!/bin/sh\nexit 0\n');
    chmodSync(file, 0o755);
    const [command, ...args] = [...prefix, file];
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', env: {} });
    return status === 0 ? undefined : (error?.message ?? firstLine(stderr) ?? `status ${status}`);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** A program for Node: opens each file below the paths that it is given, and names the first that it may not read. */
const READ_ALL = `
  const { closeSync, openSync, readdirSync, statSync } = require('node:fs');
  const look = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path)) look(path + '/' + name);
    else closeSync(openSync(path, 'r'));
  };
  try { process.argv.slice(1).forEach(look); } catch (error) { console.log(error.message); }
`;

/** Why an ordinary user cannot run the tests from there; undefined when it can. */
export function whyUnreadable(checkout, node) {
  const packages = packagesOf(checkout).map((name) => join(checkout, name, 'package.json'));
  const paths = [...PARTS.map((name) => join(checkout, name)), ...packages].filter((path) => existsSync(path));
  const [command, ...args] = [...AS_ORDINARY, node, '-e', READ_ALL, ...paths];
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env: {}, cwd: '/' });
  if (status === 0 && stdout === '') return undefined;
  return error?.message ?? firstLine(stdout) ?? firstLine(stderr) ?? `status ${status}`;
}

/** A copy of the checkout's name says which process made it: what a killed one left is removed by the next. */
const COPY = /^perch-checkout-(\d+)-/;

function stage(root, node, place) {
  removeStale(place);
  const folder = realpathSync(mkdtempSync(join(place, `perch-checkout-${process.pid}-`)));
  const checkout = join(folder, 'perch');
  mkdirSync(join(checkout, 'node_modules'), { recursive: true });
  for (const name of [...PARTS, ...packagesOf(root)]) {
    const from = join(root, name);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    cpSync(from, join(checkout, name), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => !path.endsWith('.map'),
    });
  }
  const copied = join(folder, 'node', 'bin', 'node');
  mkdirSync(dirname(copied), { recursive: true });
  copyFileSync(node, copied, constants.COPYFILE_FICLONE);
  const opened = spawnSync('/bin/chmod', ['-R', 'a+rX', folder]);
  if (opened.status !== 0) chmodSync(folder, 0o755);
  return { folder, checkout, node: copied };
}

/** Packages that the program itself uses, without Node's own package: those that the lock file calls no `dev`. */
function packagesOf(checkout) {
  const file = join(checkout, 'package-lock.json');
  if (!existsSync(file)) return [];
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys(packages).filter((name) => {
    const { dev, devOptional } = packages[name];
    if (!name.startsWith('node_modules/') || dev === true || devOptional === true) return false;
    if (/^node_modules\/(?:node-(?:linux|win|darwin)|npm(?:\/|$))/.test(name)) return false;
    if (name.lastIndexOf('node_modules/') > 0) return false;
    return lstatSync(join(checkout, name), { throwIfNoEntry: false })?.isDirectory() === true;
  });
}

function removeStale(place) {
  for (const name of readdirSync(place)) {
    const pid = Number(COPY.exec(name)?.[1]);
    if (Number.isNaN(pid) || existsSync(`/proc/${pid}`)) continue;
    rmSync(join(place, name), { recursive: true, force: true });
  }
}

const firstLine = (text) => text?.trim().split('\n')[0] || undefined;
