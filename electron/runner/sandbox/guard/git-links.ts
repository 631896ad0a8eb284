import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { bytesOf, textOfName } from './byte-names.ts';
import { placedIdentityOf, type Quarantined, setLinksAside } from './quarantine.ts';

/** Folders of git's own that are looked at for links. */
const MAX_FOLDERS = 20_000;

/**
 * Links in git's own folders, at any depth. Git follows them when it writes the message of a commit or the log of a
 * branch, whose text an agent can choose: with the user's rights, wherever they lead.
 */
export async function linksIn(folders: readonly string[]): Promise<{ links: string[]; complete: boolean }> {
  // There are many, and what is written below them is no text of anybody's.
  const objects = new Set(folders.flatMap((folder) => [join(folder, 'objects'), folder]).filter(isObjects));
  const links: string[] = [];
  const seen = new Set<string>();
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined && seen.size < MAX_FOLDERS; folder = waiting.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, textOfName(entry.name));
      if (entry.isSymbolicLink()) links.push(path);
      else if (entry.isDirectory() && !(objects.has(dirname(path)) && /^[0-9a-f]{2}$/.test(basename(path))))
        waiting.push(path);
    }
  }
  return { links, complete: waiting.length === 0 };
}

const isObjects = (path: string): boolean => basename(path) === 'objects';

/** What only looks like a repository is a folder of the project's, where links are nobody's orders. */
export function isStore(folder: string): boolean {
  return lstatSync(bytesOf(join(folder, 'HEAD')), { throwIfNoEntry: false }) !== undefined;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(bytesOf(folder), { withFileTypes: true, encoding: 'buffer' });
  } catch {
    // Gone, or locked: the walk of the tree tells of those.
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
        const done = setLinksAside(folder, links, known).map((one) => ({ ...one, path: join(folder, one.path) }));
        return complete ? done : [...done, { path: folder, how: 'unchecked' } as const];
      }),
    );
    return all.flat();
  };
}
