import { dirname, join, sep } from 'node:path';
import { isFile, resolved } from '../../node/look.ts';
import { readTextFile } from '../credentials/import/read-file.ts';
import type { NpmPackage } from './schema.ts';

export interface InstalledPackage {
  readonly folder: string;
  readonly version: string | undefined;
  /** The file of its command, in its folder: the first one, where it has several. */
  readonly bin: string | undefined;
}

/** The package that a file belongs to, when its name is `name`. `file` is a resolved path. */
export async function packageOf(file: string, name: string): Promise<InstalledPackage | undefined> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const found = await readPackage(folder);
    if (found === undefined) continue;
    return found.name === name ? found : undefined;
  }
  return undefined;
}

/** The package in a node_modules folder. */
export async function packageIn(modulesDir: string, name: string): Promise<InstalledPackage | undefined> {
  const folder = await resolved(join(modulesDir, ...name.split('/')));
  const found = folder === undefined ? undefined : await readPackage(folder);
  return found?.name === name ? found : undefined;
}

/** The first of the package's real programs that is installed for this machine. */
export async function nativeFile(
  installed: InstalledPackage,
  spec: NpmPackage,
  machine: Machine,
): Promise<{ file: string; folder: string } | undefined> {
  const fitting = spec.natives.filter(
    (native) => native.platform === machine.platform && (native.requires === undefined || machine.has(native.requires)),
  );
  for (const native of fitting) {
    for (const modulesDir of modulesDirsAbove(installed.folder)) {
      const folder = await resolved(join(modulesDir, ...native.package.split('/')));
      if (folder === undefined) continue;
      const file = await resolved(join(folder, native.file));
      if (file !== undefined && (await isFile(file))) return { file, folder };
    }
  }
  return undefined;
}

export interface Machine {
  /** `<platform>-<arch>`, as Node calls them. */
  readonly platform: string;
  /** True as well when it cannot be found out. */
  has(feature: 'avx2'): boolean;
}

/** Where Node would look for a dependency of a package: its own node_modules, then those of the folders above. */
function modulesDirsAbove(folder: string): string[] {
  const dirs: string[] = [];
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if (!at.endsWith(`${sep}node_modules`)) dirs.push(join(at, 'node_modules'));
  }
  return dirs;
}

/** The outermost node_modules folder around a path: what a package with dependencies has to see. */
export function modulesDirAround(path: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const at = path.indexOf(marker);
  return at === -1 ? undefined : path.slice(0, at + marker.length - 1);
}

async function readPackage(folder: string): Promise<(InstalledPackage & { name: string }) | undefined> {
  try {
    const content = JSON.parse(await readTextFile(join(folder, 'package.json'))) as Record<string, unknown>;
    const { name, version, bin } = content;
    if (typeof name !== 'string') return undefined;
    const first = typeof bin === 'object' && bin !== null ? Object.values(bin)[0] : bin;
    return {
      folder,
      name,
      version: typeof version === 'string' ? version : undefined,
      bin: typeof first === 'string' ? first : undefined,
    };
  } catch {
    // No package.json here (a pipe, where an agent put one), or none that can be read: then this folder is no package, and the look goes on above.
    return undefined;
  }
}
