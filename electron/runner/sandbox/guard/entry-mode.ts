import { chmodSync, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { bytesOf } from '../../../node/byte-names.ts';
import { heldName, inFolderBelow, O_PATH } from '../../../node/folder-below.ts';

/**
 * Does the same as `inFolderBelow` where the folder itself is changed. A folder that its owner locked, as an agent can lock any folder
 * of its own, is open for as long as the change takes.
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
