import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** Removes a folder with all that is in it. Attempts leave folders behind that their own user may not look into. */
export function removeTree(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    spawnSync('/bin/chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}
