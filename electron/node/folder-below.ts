import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { bytesOf } from './byte-names.ts';
import { codeOf } from './error-code.ts';

const isLinux = process.platform === 'linux';
/** Linux only, the same for both architectures: a folder or file is held without a right to read it. */
export const O_PATH = isLinux ? 0o10000000 : constants.O_RDONLY;
const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

interface WalkOptions {
  /** Folders on the way that are missing are made, with this mode. Absent: a missing one is an error. */
  readonly make?: number;
}

/**
 * Calls back with a name for a folder that stays the same folder whatever is renamed meanwhile, where the system has
 * such a name. An agent may put a link anywhere on the way at any moment: every step is opened without following one.
 * @param folder in `root`, or `root` itself; both absolute
 * @throws Error of the file system; ELOOP or ENOTDIR for a link
 */
export function inFolderBelow<T>(root: string, folder: string, use: (path: string) => T, options: WalkOptions = {}): T {
  let descriptor = openSync(bytesOf(root), FOLDER);
  let reached = root;
  try {
    for (const part of relative(root, folder).split(sep)) {
      if (part === '') continue;
      if (part === '..') throw new Error(`${folder} is not in ${root}`);
      const name = bytesOf(`${heldName(descriptor, reached)}/${part}`);
      if (options.make !== undefined) makeFolder(name, options.make);
      const next = openSync(name, FOLDER);
      closeSync(descriptor);
      descriptor = next;
      reached = `${reached}${sep}${part}`;
    }
    return use(heldName(descriptor, reached));
  } finally {
    closeSync(descriptor);
  }
}

/** The entry that a descriptor holds, where the system has a name for it: renaming or replacing it then changes nothing. */
export const heldName = (descriptor: number, path: string): string => (isLinux ? `/proc/self/fd/${descriptor}` : path);

/** True when the entry is not where it was; a link on the way to it, or in its place, is no such entry either. */
export const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error));

/** A link in its place counts as present: opening it is refused afterwards. */
function makeFolder(name: string | Buffer, mode: number): void {
  try {
    mkdirSync(name, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
