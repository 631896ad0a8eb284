import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and its missing parents, mode 0700. Not `mkdirSync(…, { recursive: true })`: where a parent
 * exists but refuses children with ENOENT (below /proc), Node never returns from that.
 * @throws the file system's error of the first directory that could not be made
 */
export function ensureDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.reverse()) mkdirSync(directory, { mode: 0o700 });
}
