import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { bytesOf, textOfName } from '../../../node/byte-names.ts';
import { codeOf } from '../../../node/error-code.ts';
import { inFolderBelow } from '../../../node/folder-below.ts';
import { setMode } from './entry-mode.ts';

/**
 * A mount needs something to lie on. For what does not exist that is an empty folder, made for as long as a turn runs:
 * git and most tools pass over empty folders in silence, and taking one away can never take content with it. The user
 * may put something into it meanwhile, and the mount keeps the session from that. The sticky bit tells ours from
 * anybody else's.
 */
const MODE = 0o1755;
/** The second was made by earlier versions, and may be left. */
const MODES = [MODE, 0o1555];
const STICKY = 0o1000;

/** True when it was made, false when something is there already. @throws Error of the file system */
export function makePlaceholder(root: string, path: string): boolean {
  return inFolderBelow(root, dirname(path), (folder) => {
    const place = bytesOf(`${folder}/${basename(path)}`);
    if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) return false;
    try {
      // With its mode from the first moment on: for another session it is never a folder of the user's.
      mkdirSync(place, { mode: MODE });
    } catch (error) {
      // Another session was faster.
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
    // The process may take permissions away from new folders. Another session may have taken this one away.
    ignoringGone(() => chmodSync(place, MODE));
    return true;
  });
}

/** True when a path is a placeholder, of this or of another session. */
export function isPlaceholder(path: string): boolean {
  const name = bytesOf(path);
  const stat = lstatSync(name, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true || !MODES.includes(stat.mode & 0o7777)) return false;
  return ignoringGone(() => readdirSync(name).length === 0) ?? false;
}

/** Undefined where another session has removed the placeholder meanwhile. */
function ignoringGone<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes those that no running sandbox has a mount on: taking away what a mount lies on would take the mount away too.
 * What the user put something into is the user's own folder.
 */
export function removePlaceholders(root: string, paths: readonly string[]): void {
  for (const path of paths) makeOrdinary(root, path);
  const present = paths.filter(isPlaceholder);
  if (present.length === 0) return;
  const used = mountPoints();
  for (const path of present) {
    if (used.has(path)) continue;
    try {
      inFolderBelow(root, dirname(path), (folder) => rmdirSync(bytesOf(`${folder}/${basename(path)}`)));
    } catch (error) {
      // Another process was faster, or put something into the folder, which then belongs to it.
      if (!['ENOENT', 'ENOTEMPTY', 'ENOTDIR', 'ELOOP'].includes(codeOf(error))) throw error;
    }
  }
}

function makeOrdinary(root: string, path: string): void {
  const stat = lstatSync(bytesOf(path), { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true || !MODES.includes(stat.mode & 0o7777) || isPlaceholder(path)) return;
  try {
    inFolderBelow(root, dirname(path), (folder) => setMode(`${folder}/${basename(path)}`, (mode) => mode & ~STICKY));
  } catch {
    // Gone, or another user's by now: nothing depends on it.
  }
}

/**
 * Mount points in the mount namespaces of all processes that can be asked, but our own. A sandbox whose processes are
 * all stopped brings its mounts up to date before they go on.
 */
function mountPoints(): Set<string> {
  const points = new Set<string>();
  const seen = new Set<string | undefined>([namespaceOf('self')]);
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    if (isStopped(pid)) continue;
    const namespace = namespaceOf(pid);
    if (seen.has(namespace)) continue;
    seen.add(namespace);
    for (const point of mountPointsOf(pid)) points.add(point);
  }
  return points;
}

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}

function isStopped(pid: string): boolean {
  try {
    return /^\d+ \(.*\) T /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

function mountPointsOf(pid: string): string[] {
  try {
    const lines = readFileSync(`/proc/${pid}/mountinfo`, 'latin1').split('\n');
    // The fifth field; blanks and the like are written in octal.
    const points = lines.map((line) => (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code) => octal(code)));
    return points.map((point) => textOfName(Buffer.from(point, 'latin1')));
  } catch {
    return [];
  }
}

const octal = (code: string): string => String.fromCharCode(Number.parseInt(code, 8));
