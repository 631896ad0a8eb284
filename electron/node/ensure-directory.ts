import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and its missing parents, mode 0700. Not `mkdirSync(…, { recursive: true })`: where a parent
 * exists but refuses children with ENOENT (below /proc), Node never returns from that.
 * @throws the file system's error of the first directory that could not be made
 */
export function ensureDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.reverse()) makeOne(directory);
}

function makeOne(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process that starts at the same instant was faster.
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(directory).isDirectory();
    if (!there) throw error;
  }
}
