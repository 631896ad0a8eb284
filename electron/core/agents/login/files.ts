import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Login files are some kilobytes; an agent could leave anything. */
const MAX_BYTES = 1024 * 1024;

/**
 * Which of the files are there and how they are now, as a text to compare; undefined when none is. The agent owns the
 * folder: links in it are never followed.
 */
export function stampOf(directory: string, files: readonly string[]): string | undefined {
  const stamps = files.map((file) => {
    try {
      const { mtimeMs, size, ino } = lstatSync(join(directory, file));
      return `${ino} ${mtimeMs} ${size}`;
    } catch {
      return '';
    }
  });
  return stamps.every((stamp) => stamp === '') ? undefined : stamps.join('\n');
}

/** @throws Error when it is no ordinary file of a sensible size */
export function readOwnFile(directory: string, file: string): string {
  return inFolder(directory, file, (path) => {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const about = fstatSync(descriptor);
      if (!about.isFile() || about.size > MAX_BYTES) throw new Error(`${file} is no login file`);
      return readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Removes it; one that is not there is no error. */
export function removeOwnFile(directory: string, file: string): void {
  try {
    inFolder(directory, file, unlinkSync);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Each folder on the way is opened without following a link, and held open while the next is looked up in it. */
function inFolder<T>(directory: string, file: string, work: (path: string) => T): T {
  const parts = file.split('/');
  const name = parts.pop() ?? '';
  let folder = openFolder(directory);
  try {
    for (const part of parts) {
      const next = openFolder(join(inside(folder), part));
      closeSync(folder.descriptor);
      folder = next;
    }
    return work(join(inside(folder), name));
  } finally {
    closeSync(folder.descriptor);
  }
}

interface Folder {
  readonly descriptor: number;
  readonly path: string;
}

function openFolder(path: string): Folder {
  return { descriptor: openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW), path };
}

/** The open folder itself, where the system has a name for it. */
function inside({ descriptor, path }: Folder): string {
  return process.platform === 'linux' ? `/proc/self/fd/${descriptor}` : path;
}
