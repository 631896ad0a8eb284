import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { matchesPatterns } from './name-patterns.ts';

/** What matters in a working directory; absolute paths, each found without following a link. */
export interface Findings {
  /** Git's own folders: `.git`, bare repositories, those of submodules and worktrees. */
  readonly repositories: readonly string[];
  /** Entries with a guarded name, and `.git` that is a file or a link. */
  readonly guarded: readonly string[];
  /** Files that are to read as empty. */
  readonly secrets: readonly string[];
  /** False when there was more than could be looked at. */
  readonly complete: boolean;
}

export interface FindOptions {
  readonly root: string;
  readonly names: readonly string[];
  readonly empty: readonly string[];
  readonly maxFolders?: number;
}

const MAX_FOLDERS = 100_000;
/** Folders that are read at the same time. */
const WIDTH = 32;

/** Looks through the whole tree. What cannot be read is left out: no program of the user can read it either. */
export async function findInTree(options: FindOptions): Promise<Findings> {
  const { root, maxFolders = MAX_FOLDERS } = options;
  const found = { repositories: [] as string[], guarded: [] as string[], secrets: [] as string[] };
  const names = new Set(options.names);
  const waiting: { path: string; ofPackages: boolean }[] = [{ path: root, ofPackages: false }];
  let seen = 0;

  const look = async ({ path, ofPackages }: { path: string; ofPackages: boolean }): Promise<void> => {
    const entries = await entriesOf(path);
    if (isRepository(entries) || path.endsWith('/.git')) {
      found.repositories.push(path);
      for (const inner of ['modules', 'worktrees']) waiting.push({ path: join(path, inner), ofPackages: true });
      return;
    }
    for (const entry of entries) {
      const full = join(path, entry.name);
      if (entry.name === '.git' && !entry.isDirectory()) found.guarded.push(full);
      else if (names.has(entry.name) && !ofPackages) found.guarded.push(full);
      else if (entry.isDirectory())
        waiting.push({ path: full, ofPackages: ofPackages || entry.name === 'node_modules' });
      else if (!ofPackages && matchesPatterns(entry.name, options.empty)) found.secrets.push(full);
    }
  };

  while (waiting.length > 0 && seen < maxFolders) {
    const some = waiting.splice(-WIDTH);
    seen += some.length;
    await Promise.all(some.map(look));
  }
  return { ...found, complete: waiting.length === 0 };
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Whatever git would take for a repository, or for the part of one that its settings come from. */
function isRepository(entries: readonly Dirent[]): boolean {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name);
  return (has('objects') && has('refs')) || (has('HEAD') && has('commondir'));
}
