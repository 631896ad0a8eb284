import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes below a folder; links count as themselves. Nought for what is not there. */
export async function folderBytes(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch(absent<Dirent[]>([]));
  let bytes = 0;
  for (const entry of entries) {
    const inner = join(path, entry.name);
    bytes += entry.isDirectory() ? await folderBytes(inner) : await lstat(inner).then(({ size }) => size, absent(0));
  }
  return bytes;
}

/** A file that went meanwhile, or a folder that an agent closed to itself: what can be counted is counted. */
function absent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOTDIR') return instead;
    throw error;
  };
}
