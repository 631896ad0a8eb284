import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { bytesOf, textOfName } from '../../../node/byte-names.ts';
import { codeOf } from '../../../node/error-code.ts';
import { inFolderBelow, isGone } from '../../../node/folder-below.ts';
import { setMode } from './entry-mode.ts';
import { isStore, linksIn } from './git-links.ts';
import { storeOf } from './git-stores.ts';
import { matchesPatterns } from './name-patterns.ts';

/** The findings in a working directory; absolute paths, each found without following a link. */
export interface Findings {
  /** Git's own folders: `.git`, bare repositories, those of submodules and worktrees. */
  readonly repositories: readonly string[];
  /** Entries with a guarded name, and `.git` that is a file or a link. */
  readonly guarded: readonly string[];
  /** Files that are to read as empty. */
  readonly secrets: readonly string[];
  /** The user's folders that do not let themselves be listed: what is in them can be used all the same. */
  readonly locked: readonly string[];
  /** Links in the repositories' own folders. */
  readonly links: readonly string[];
  /** False when there was more than could be looked at. */
  readonly complete: boolean;
}

export interface FindOptions {
  readonly root: string;
  readonly names: readonly string[];
  readonly empty: readonly string[];
  readonly maxFolders?: number;
  /** Makes a folder listable for good; false when it is to stay as it is. Absent: all stay. */
  readonly unlock?: (path: string) => boolean;
}

const MAX_FOLDERS = 100_000;
/** Folders that are read at the same time. */
const WIDTH = 32;

/** Which names count: all; none but of secrets; none, as packages bring them along; none, it is git's own. */
type Place = 'project' | 'guarded' | 'packages' | 'git';
interface Folder {
  readonly path: string;
  readonly place: Place;
}
interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Looks through the whole tree. What is no repository but looks like one hides nothing. */
export async function findInTree(options: FindOptions): Promise<Findings> {
  const { root, maxFolders = MAX_FOLDERS, unlock = () => false } = options;
  const repositories = new Set<string>();
  const found = { guarded: [] as string[], secrets: [] as string[], locked: [] as string[] };
  const names = new Set(options.names);
  const waiting: Folder[] = [{ path: root, place: 'project' }];
  let seen = 0;
  let isWhole = true;

  const look = async (folder: Folder): Promise<void> => {
    const { path, place } = folder;
    let entries = await entriesOf(path);
    if (entries === 'locked' && unlock(path)) entries = await entriesOf(path);
    if (entries === 'locked' && isOwn(path)) {
      found.locked.push(path);
      entries = await peek(root, path);
    }
    if (entries === 'unreachable') isWhole = false;
    const listed = typeof entries === 'string' ? [] : entries;
    const isGit = basename(path) === '.git';
    if (isGit || isRepository(listed)) {
      repositories.add(path);
      if (isGit || place === 'git') {
        for (const inner of ['modules', 'worktrees']) waiting.push({ path: join(path, inner), place: 'git' });
        return;
      }
    }
    for (const entry of listed) note(entry, folder);
  };

  const note = ({ name, isFolder }: Entry, { path, place }: Folder): void => {
    const full = join(path, name);
    const isGuarded = (name === '.git' && !isFolder) || (names.has(name) && place === 'project');
    if (isGuarded) found.guarded.push(full);
    if (isFolder) waiting.push({ path: full, place: placeOf(name, { place, isGuarded }) });
    else if (!isGuarded && (place === 'project' || place === 'guarded') && matchesPatterns(name, options.empty))
      found.secrets.push(full);
  };

  while (waiting.length > 0 && seen < maxFolders) {
    const some = waiting.splice(-WIDTH);
    seen += some.length;
    await Promise.all(some.map(look));
  }
  // Where the walk does not come: somewhere in git's own folders.
  for (const path of found.guarded) {
    const store = basename(path) === '.git' ? storeOf(path) : undefined;
    if (store?.startsWith(`${root}${sep}`)) repositories.add(store);
  }
  const { links, complete } = await linksIn([...repositories].filter(isStore));
  const isComplete = isWhole && waiting.length === 0 && complete;
  return { ...found, repositories: [...repositories], links, complete: isComplete };
}

function placeOf(name: string, { place, isGuarded }: { place: Place; isGuarded: boolean }): Place {
  if (place === 'git' || place === 'packages') return place;
  if (name === 'node_modules') return 'packages';
  return isGuarded ? 'guarded' : place;
}

/** `locked`: it may not be listed. `unreachable`: no path is long enough for it, or the disk fails. */
async function entriesOf(path: string): Promise<Entry[] | 'locked' | 'unreachable'> {
  try {
    const entries = await readdir(bytesOf(path), { withFileTypes: true, encoding: 'buffer' });
    return entries.map((entry) => ({ name: textOfName(entry.name), isFolder: entry.isDirectory() }));
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(codeOf(error))) return 'locked';
    return isGone(error) ? [] : 'unreachable';
  }
}

/** Lists a folder that is unlocked for no longer than that. */
async function peek(root: string, path: string): ReturnType<typeof entriesOf> {
  const change = (to: (mode: number) => number): number | undefined =>
    inFolderBelow(root, dirname(path), (folder) => setMode(`${folder}/${basename(path)}`, to));
  try {
    const before = change((mode) => mode | 0o500);
    const entries = await entriesOf(path);
    if (before !== undefined) change(() => before);
    return entries;
  } catch {
    return 'locked';
  }
}

/** The owner can unlock it, and so can the user's programs, the agent among them. */
function isOwn(path: string): boolean {
  try {
    return lstatSync(bytesOf(path)).uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** Whatever git would take for a repository, or for the part of one that its settings come from. */
function isRepository(entries: readonly Entry[]): boolean {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name);
  return (has('objects') && has('refs')) || (has('HEAD') && has('commondir'));
}
