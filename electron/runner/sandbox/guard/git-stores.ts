import { lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { bytesOf, textOfName } from '../../../node/byte-names.ts';
import { placesNamed } from './git-settings.ts';
import { readText } from './read-text.ts';

/** Undefined for what leads nowhere. */
export function realPathOf(path: string): string | undefined {
  try {
    return textOfName(realpathSync.native(bytesOf(path), { encoding: 'buffer' }));
  } catch {
    return undefined;
  }
}

/** The folder that a `.git` stands for, be it a folder, a file that names one, or a link to one. */
export function storeOf(path: string): string | undefined {
  const stat = lstatSync(bytesOf(path), { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile()) return realPathOf(path);
  const named = /^gitdir: ([^\n\r]+)/.exec(readText(path, { follow: false }) ?? '')?.[1];
  return named === undefined ? undefined : realPathOf(resolve(dirname(path), named));
}

/** The folder whose settings and hooks hold for this one too: that of a worktree is another's. */
export function commonStoreOf(store: string): string {
  const named = readText(join(store, 'commondir'), { follow: true })?.trim();
  return named === undefined || named === '' ? store : (realPathOf(resolve(store, named)) ?? store);
}

/** Settings that git reads together, and the folder from which their relative paths start. */
interface Worktree {
  readonly folder: string;
  readonly store: string;
}

/** Everything below `root` that could be worked in, and what `root` itself lies in. */
export function worktreesOf(
  root: string,
  { repositories, guarded }: { repositories: readonly string[]; guarded: readonly string[] },
): Worktree[] {
  const own = repositories.map((store) => ({ folder: basename(store) === '.git' ? dirname(store) : store, store }));
  const led = guarded
    .filter((path) => basename(path) === '.git')
    .map((path) => ({ folder: dirname(path), store: storeOf(path) }));
  return [...own, ...led, ...around(root)].flatMap(({ folder, store }) =>
    store === undefined ? [] : { folder, store },
  );
}

function around(root: string): { folder: string; store: string | undefined }[] {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const store = storeOf(join(folder, '.git'));
    if (store !== undefined) return [{ folder, store }];
    if (folder === dirname(folder)) return [];
  }
}

/** Git's own limit. */
const MAX_INCLUDES = 10;

/** Folders of hooks and further settings that the settings of worktrees name, existing or not, each once. */
export function placesOf(worktrees: readonly Worktree[]): string[] {
  const places = new Set<string>();
  const read = (file: string, { folder, depth }: { folder: string; depth: number }): void => {
    const { hooksPaths, includes } = placesNamed(readText(file, { follow: true }) ?? '');
    for (const path of hooksPaths) places.add(resolve(folder, atHome(path)));
    for (const path of includes) {
      const included = resolve(dirname(file), atHome(path));
      places.add(included);
      if (depth < MAX_INCLUDES) read(included, { folder, depth: depth + 1 });
    }
  };
  for (const { folder, store } of worktrees) {
    for (const file of [...filesOf(store), ...ofTheUser()]) read(file, { folder, depth: 0 });
  }
  return [...places];
}

const filesOf = (store: string): string[] =>
  [...new Set([store, commonStoreOf(store)])].flatMap((each) => [join(each, 'config'), join(each, 'config.worktree')]);

/** A folder of hooks that is named there is looked for in every worktree. */
const ofTheUser = (): string[] => [
  join(homedir(), '.gitconfig'),
  join(homedir(), '.config/git/config'),
  '/etc/gitconfig',
];

const atHome = (path: string): string => path.replace(/^~(?=\/)/, homedir());
