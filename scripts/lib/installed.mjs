import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a complete installation already has each package of the lock file in its version: a lock file may change
 * without a package of it, such as when one that others brought along is named in the manifest. Optional packages of
 * other systems may be missing.
 */
export function hasAllOfLock(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).every(([path, { version, link, optional, devOptional }]) => {
    if (path === '' || link === true || !path.startsWith('node_modules/')) return true;
    const manifest = join(folder, path, 'package.json');
    if (!existsSync(manifest)) return optional === true || devOptional === true;
    return JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  });
}
