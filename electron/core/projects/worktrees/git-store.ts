import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { contains } from '../../../node/paths.ts';

/** Where git keeps what belongs to a worktree: its own part, and the one that all worktrees of a repository share. */
export interface WorktreeStore {
  readonly store: string;
  readonly common: string;
}

interface Rules {
  /** The user who has to own every part. */
  readonly uid: number | undefined;
  /** Folders that no repository may lie in: Perch's own data, which agents write to. */
  readonly closed: readonly string[];
}

/** Bytes of a file that holds nothing but a path. */
const MAX_PATH_FILE = 8192;

/**
 * The store of a working directory that is a worktree, when every part of it leads back to the others: then the author
 * of `.git` there may write to the repository that it leads to. Anything else is undefined. A folder is no proof,
 * because anyone who can write to it, an agent too, can put a file there that leads anywhere.
 *
 * @param folder a real path
 */
export function worktreeStoreOf(folder: string, { uid, closed }: Rules): WorktreeStore | undefined {
  if (uid === undefined) return undefined;
  const file = join(folder, '.git');
  const store = pathIn(file, { uid, pattern: /^gitdir: ([^\n]+)\n?$/ });
  if (store === undefined || basename(dirname(store)) !== 'worktrees') return undefined;
  const common = dirname(dirname(store));
  const isWhole =
    basename(common) === '.git' &&
    [common, join(common, 'worktrees'), store].every((path) => isOwnFolder(path, uid)) &&
    pathIn(join(store, 'gitdir'), { uid }) === file &&
    pathIn(join(store, 'commondir'), { uid }) === common;
  const isElsewhere = !contains(folder, common) && !contains(common, folder);
  return isWhole && isElsewhere && !closed.some((path) => contains(path, common)) ? { store, common } : undefined;
}

/**
 * The parts that a session in a worktree may write besides its files, made by `furnishStore`; below them, the parts
 * that stay as they are.
 */
export function storeParts({ store, common }: WorktreeStore) {
  return {
    writable: [join(common, 'objects'), store, join(common, ...BRANCHES), join(common, 'logs', ...BRANCHES)],
    readOnly: [common, join(common, 'objects', 'info'), ...ORDERS.map((name) => join(store, name))],
    /** The stores of its submodules, hooks and settings included: of those that come to be, too. */
    free: [join(store, 'modules')],
  };
}

const BRANCHES = ['refs', 'heads', 'perch'];
/** Git takes its settings from where these lead, or out of them. */
const ORDERS = ['commondir', 'gitdir', 'config.worktree'];

/**
 * Makes what a mount has to lie on: git takes empty folders of branches away. False when something else is in the place
 * of one.
 */
export function furnishStore({ store, common }: WorktreeStore, uid: number | undefined): boolean {
  const folders = [['objects', 'info'], BRANCHES, ['logs', ...BRANCHES]];
  try {
    for (const names of folders) {
      let reached = common;
      for (const name of names) {
        reached = join(reached, name);
        if (lstatSync(reached, { throwIfNoEntry: false }) === undefined) mkdirSync(reached);
        if (!isOwnFolder(reached, uid)) return false;
      }
    }
    // Without a word in it git goes on as if it were not there.
    const settings = join(store, 'config.worktree');
    if (lstatSync(settings, { throwIfNoEntry: false }) === undefined) writeFileSync(settings, '', { flag: 'wx' });
    return readOwn(settings, { uid, maxBytes: Number.POSITIVE_INFINITY }) !== undefined;
  } catch {
    return false;
  }
}

function isOwnFolder(path: string, uid: number | undefined): boolean {
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() && stat.uid === uid && realpathSync.native(path) === path;
  } catch {
    return false;
  }
}

/** The path that a file of the user's names; relative ones are meant from its folder. */
function pathIn(
  file: string,
  { uid, pattern = /^([^\n]+)\n?$/ }: { uid: number; pattern?: RegExp },
): string | undefined {
  const named = pattern.exec(readOwn(file, { uid, maxBytes: MAX_PATH_FILE }) ?? '')?.[1];
  return named === undefined ? undefined : resolve(dirname(file), named);
}

/** Undefined when it is no file of this user's, or a link to one. */
function readOwn(file: string, { uid, maxBytes }: { uid: number | undefined; maxBytes: number }): string | undefined {
  let descriptor: number | undefined;
  try {
    // Opens without waiting for a process at the other end of a pipe.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    return stat.isFile() && stat.uid === uid && stat.size <= maxBytes ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
