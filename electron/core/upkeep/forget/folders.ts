import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes everything but `kept`, which are names of entries right in the folder. */
export function emptyFolder(path: string, kept: readonly string[]): void {
  for (const name of readdirSync(path)) {
    if (!kept.includes(name)) rmSync(join(path, name), { recursive: true, force: true, maxRetries: 3 });
  }
}
