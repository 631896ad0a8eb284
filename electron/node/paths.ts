import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** True when `path` is `folder` itself or something in it. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // A name may begin with two dots: `..cache` is in the folder. Absolute: another drive of Windows.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A folder that is not there yet has no other name. */
export function realOrSame(directory: string): string {
  return existsSync(directory) ? realpathSync.native(directory) : directory;
}
