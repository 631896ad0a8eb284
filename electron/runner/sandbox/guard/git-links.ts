import { type Dirent, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { bytesOf, textOfName } from '../../../node/byte-names.ts';
import { setMode } from './entry-mode.ts';
import { placedIdentityOf, type Quarantined, setLinksAside } from './quarantine.ts';

/** Folders of git's own that are looked at for links. */
const MAX_FOLDERS = 100_000;
/** Stores that are addressed by content, with more folders than all others together: no settings are below them. */
const CONTENT = ['objects', 'lfs/objects', 'annex/objects'];
const BESIDE_CONTENT = ['info', 'pack'];

/**
 * Links in git's own folders, at any depth. Git follows them when it writes the message of a commit or the log of a
 * branch, whose text an agent can choose: with the user's rights, wherever they lead.
 */
export async function linksIn(folders: readonly string[]): Promise<{ links: string[]; complete: boolean }> {
  const within = folders.flatMap((folder) => CONTENT.map((name) => join(folder, name)));
  const content = new Set([...within, ...folders.filter((folder) => basename(folder) === 'objects')]);
  const links: string[] = [];
  const seen = new Set<string>();
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined && seen.size < MAX_FOLDERS; folder = waiting.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, textOfName(entry.name));
      if (entry.isSymbolicLink()) links.push(path);
      else if (entry.isDirectory() && (!content.has(folder) || BESIDE_CONTENT.includes(basename(path))))
        waiting.push(path);
    }
  }
  return { links, complete: seen.size < MAX_FOLDERS };
}

/** A folder that only looks like a repository belongs to the project, where git follows no links. */
export function isStore(folder: string): boolean {
  return lstatSync(bytesOf(join(folder, 'HEAD')), { throwIfNoEntry: false }) !== undefined;
}

async function entriesOf(folder: string): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(bytesOf(folder), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? unlistedIn(folder) : [];
  }
}

/**
 * Without the right to list a folder, a program can still follow its entries. The folder is unlocked for no longer than
 * the look takes.
 */
async function unlistedIn(folder: string): Promise<Dirent<Buffer>[]> {
  try {
    const before = setMode(folder, (mode) => mode | 0o500);
    const entries = await readdir(bytesOf(folder), { withFileTypes: true, encoding: 'buffer' });
    if (before !== undefined) setMode(folder, () => before);
    return entries;
  } catch {
    // The folder is gone, or another user owns it: then no session has put anything there.
    return [];
  }
}

/** Sets aside the links that come to be in folders outside of the working directory that the session writes to. */
export async function watchElsewhere({
  workingDirectory: root,
  writable,
}: SandboxPolicy): Promise<() => Promise<Quarantined[]>> {
  const folders = writable.filter((path) => path !== root && !path.startsWith(`${root}${sep}`));
  const known = new Set((await linksIn(folders)).links.map(placedIdentityOf));
  return async () => {
    const all = await Promise.all(
      folders.map(async (folder) => {
        const { links, complete } = await linksIn([folder]);
        const done = setLinksAside(folder, links, known).map((one) => ({
          ...one,
          path: join(folder, one.path),
          ...(one.aside === undefined ? {} : { aside: join(folder, one.aside) }),
        }));
        return complete ? done : [...done, { path: folder, how: 'unchecked' } as const];
      }),
    );
    return all.flat();
  };
}
