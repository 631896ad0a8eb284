import { chmodSync, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { codeOf } from '../../../node/error-code.ts';
import { bytesOf } from './byte-names.ts';

const isLinux = process.platform === 'linux';
/** Linux only, the same for both architectures: a folder or file is held without a right to read it. */
const O_PATH = isLinux ? 0o10000000 : constants.O_RDONLY;
const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Calls back with a name for a folder that stays the same folder whatever is renamed meanwhile, where the system has
 * such a name. An agent may put a link anywhere on the way at any moment: every step is opened without following one.
 * @throws Error of the file system; ELOOP or ENOTDIR for a link
 */
export function inFolderBelow<T>(root: string, folder: string, use: (path: string) => T): T {
  let descriptor = openSync(bytesOf(root), FOLDER);
  let reached = root;
  try {
    for (const part of relative(root, folder).split(sep)) {
      if (part === '') continue;
      if (part === '..') throw new Error(`${folder} is not in ${root}`);
      const next = openSync(bytesOf(`${heldName(descriptor, reached)}/${part}`), FOLDER);
      closeSync(descriptor);
      descriptor = next;
      reached = `${reached}${sep}${part}`;
    }
    return use(heldName(descriptor, reached));
  } finally {
    closeSync(descriptor);
  }
}

const heldName = (descriptor: number, path: string): string => (isLinux ? `/proc/self/fd/${descriptor}` : path);

/** True when the entry is not where it was; a link on the way to it, or in its place, is no such entry either. */
export const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error));

/**
 * Does the same where the folder itself is changed. A folder that its owner locked, as an agent can lock any folder of its own, is
 * open for as long as the change takes.
 */
export function inOpenedFolderBelow<T>(root: string, folder: string, use: (path: string) => T): T {
  return inFolderBelow(root, folder, (path) => {
    const before = setMode(path, (mode) => mode | 0o700, constants.O_DIRECTORY);
    try {
      return use(path);
    } finally {
      if (before !== undefined) chmodSync(path, before);
    }
  });
}

/**
 * Changes the mode of exactly this entry, never of a link's target; the entry need not be readable. Answers the former
 * permissions when they were others.
 */
export function setMode(path: string, change: (mode: number) => number, kind = 0): number | undefined {
  // The name that stands for a held folder is itself a link.
  const isHeld = dirname(path) === '/proc/self/fd' && /^\d+$/.test(basename(path));
  const descriptor = openSync(bytesOf(path), O_PATH | kind | (isHeld ? 0 : constants.O_NOFOLLOW));
  try {
    const stat = fstatSync(descriptor);
    const before = stat.mode & 0o7777;
    const after = change(before);
    if (after === before || stat.isSymbolicLink()) return undefined;
    chmodSync(heldName(descriptor, path), after);
    return before;
  } finally {
    closeSync(descriptor);
  }
}
