import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inFolderBelow } from '../../../node/folder-below.ts';

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
  return inFolderOf(directory, file, (path) => {
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
    inFolderOf(directory, file, unlinkSync);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function inFolderOf<T>(directory: string, file: string, work: (path: string) => T): T {
  const path = join(directory, file);
  return inFolderBelow(directory, dirname(path), (folder) => work(join(folder, basename(path))));
}
