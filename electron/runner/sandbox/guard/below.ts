import { closeSync, constants, openSync } from 'node:fs';
import { relative, sep } from 'node:path';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Calls back with a name for a folder that stays the same folder whatever is renamed meanwhile. An agent may put a link
 * anywhere on the way at any moment: every step is opened without following one.
 * @throws Error of the file system; ELOOP or ENOTDIR for a link
 */
export function inFolderBelow<T>(root: string, folder: string, use: (path: string) => T): T {
  let descriptor = openSync(root, FOLDER);
  try {
    for (const part of relative(root, folder).split(sep)) {
      if (part === '') continue;
      if (part === '..') throw new Error(`${folder} is not in ${root}`);
      const next = openSync(`/proc/self/fd/${descriptor}/${part}`, FOLDER);
      closeSync(descriptor);
      descriptor = next;
    }
    return use(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}
