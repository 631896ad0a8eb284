import {
  type BigIntStats,
  lstatSync,
  readdirSync,
  readlinkSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { bytesOf, textOfName } from '../../../node/byte-names.ts';
import { inOpenedFolderBelow, setMode } from './entry-mode.ts';
import type { Findings } from './find.ts';
import { withoutPrograms } from './git-settings.ts';
import { commonStoreOf, placesOf, storeOf, worktreesOf } from './git-stores.ts';
import { readText } from './read-text.ts';

/** An entry that was set aside, relative to the working directory, and how. */
export interface Quarantined {
  readonly path: string;
  /**
   * `renamed`: it has `.quarantined` behind its name now. `disarmed`: it is no longer executable, or without programs.
   * `armed`: neither could be done. `unchecked`: there was too much to look at.
   */
  readonly how: 'renamed' | 'disarmed' | 'armed' | 'unchecked';
  /** `name`: programs of the host run what has this name. `git`: a part of a repository. `link`: one in git's own folders. */
  readonly reason?: 'name' | 'git' | 'link';
  /** Where all of it lies now. */
  readonly aside?: string;
}

type Note = (path: string, how: Quarantined['how'], more?: Pick<Quarantined, 'reason' | 'aside'>) => void;

/** The entries of the session's beginning, by the kernel's identity of each: a moved file stays the same one. */
export type Known = ReadonlySet<string>;

const SUFFIX = '.quarantined';
/** Bytes of a name, on every common file system of Linux; and what is left for the suffix and a number. */
const MAX_NAME = 255;
const ROOM = 24;
/** Parts of a repository that make git run programs. */
const REPOSITORY_PARTS = ['hooks', 'config', 'config.worktree', 'commondir'];

/** The parts and entries that count as known once a session runs. */
export function partsOf(findings: Findings): string[] {
  return [
    ...findings.guarded,
    ...findings.repositories.flatMap((folder) => REPOSITORY_PARTS.map((part) => join(folder, part))),
  ];
}

/** A number is given again as soon as its file is gone; the time of its making is not. */
export const nodeOf = ({ dev, ino, birthtimeNs }: BigIntStats): string => `${dev}:${ino}:${birthtimeNs}`;

/** The identity of a link includes its target: another target is as new as another link. */
export function identityOf(path: string): string | undefined {
  const name = bytesOf(path);
  const stat = lstatSync(name, { throwIfNoEntry: false, bigint: true });
  if (stat === undefined) return undefined;
  const own = nodeOf(stat);
  if (!stat.isSymbolicLink()) return own;
  return `${own}>${readlinkSync(name, 'latin1')}>${identityOfTarget(name)}`;
}

function identityOfTarget(name: string | Buffer): string {
  try {
    return nodeOf(statSync(name, { bigint: true }));
  } catch {
    return '';
  }
}

/** Makes a folder listable for its owner, who is the agent's user; false when that cannot be. */
export function unlock(root: string, path: string): boolean {
  try {
    inOpenedFolderBelow(root, dirname(path), (folder) =>
      setMode(`${folder}/${basename(path)}`, (mode) => mode | 0o500),
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes the teeth out of whatever came into the working directory since `known`: before anything on the host runs it,
 * and while processes of the session may still be at work there. Nothing is deleted, and nothing that fails keeps the
 * rest from being looked at.
 */
export function quarantine(root: string, findings: Findings, known: Known): Quarantined[] {
  const done: Quarantined[] = [];
  const shown = (path: string): string => relative(root, path).toWellFormed();
  const note: Note = (path, how, { reason = 'git', aside } = {}) => {
    done.push({ path: shown(path), how, reason, ...(aside === undefined ? {} : { aside: shown(aside) }) });
  };
  const ifNew = (path: string, action: () => void): void => {
    try {
      const identity = identityOf(path);
      if (identity !== undefined && !known.has(identity)) action();
    } catch (error) {
      // Gone, or something else by now: a session's processes may still run, and the last time they do not.
      const reason = findings.guarded.includes(path) ? reasonOf(path) : 'git';
      if (!GONE.includes(String((error as NodeJS.ErrnoException).code))) note(path, 'armed', { reason });
    }
  };
  const rename = (path: string, reason: Quarantined['reason'] = 'git'): void => {
    note(path, 'renamed', { reason, aside: setAside(root, path) });
  };
  // Entries in a folder come before the folder, whose name may change.
  for (const folder of findings.repositories) {
    const part = (name: string): string => join(folder, name);
    ifNew(part('hooks'), () => disarmHooks({ root, path: part('hooks'), note }));
    for (const name of ['config', 'config.worktree']) {
      ifNew(part(name), () => {
        const aside = disarmSettings(root, part(name));
        if (aside !== undefined) note(part(name), 'disarmed', { aside });
      });
    }
    const isFound = (store: string | undefined): boolean =>
      store !== undefined && findings.repositories.includes(store);
    ifNew(part('commondir'), () => {
      const common = commonStoreOf(folder);
      if (common === folder || !isFound(common)) rename(part('commondir'));
    });
  }
  for (const path of findings.guarded) {
    const isLed = basename(path) === '.git' && findings.repositories.includes(storeOf(path) ?? '');
    if (!isLed) ifNew(path, () => rename(path, reasonOf(path)));
  }
  // By the settings as they are now, without those that came.
  for (const path of placesOf(worktreesOf(root, findings))) {
    if (path.startsWith(`${root}${sep}`)) ifNew(path, () => rename(firstLink(root, path)));
  }
  done.push(...setLinksAside(root, findings.links, known));
  return findings.complete ? done : [...done, { path: '.', how: 'unchecked' }];
}

/** The reason why an entry with a guarded name is guarded. */
export const reasonOf = (path: string): 'git' | 'name' => (basename(path) === '.git' ? 'git' : 'name');

/** Replaces new links in git's own folders by files that say where they led. */
export function setLinksAside(root: string, links: readonly string[], known: Known): Quarantined[] {
  return links.flatMap((path): Quarantined[] => {
    const shown = relative(root, path).toWellFormed();
    try {
      const isLink = lstatSync(bytesOf(path), { throwIfNoEntry: false })?.isSymbolicLink() === true;
      if (!isLink || known.has(placedIdentityOf(path))) return [];
      const name = inOpenedFolderBelow(root, dirname(path), (folder) => unlinkAside(folder, basename(path)));
      const aside = relative(root, join(dirname(path), name)).toWellFormed();
      return [{ path: shown, how: 'renamed', reason: 'link', aside }];
    } catch (error) {
      const isGone = GONE.includes(String((error as NodeJS.ErrnoException).code));
      return isGone ? [] : [{ path: shown, how: 'armed', reason: 'link' }];
    }
  });
}

/** A link that is moved is another one: what git writes is decided by its name. */
export const placedIdentityOf = (path: string): string => `${path}\0${identityOf(path)}`;

/** A link that stays under another name would need no more than to be moved back. Answers the name of what says where it led. */
function unlinkAside(folder: string, name: string): string {
  const free = renameAside(folder, name);
  const aside = bytesOf(`${folder}/${free}`);
  if (lstatSync(aside).isSymbolicLink() !== true) return free;
  const target = readlinkSync(aside, 'buffer');
  unlinkSync(aside);
  writeFileSync(aside, target, { flag: 'wx', mode: 0o644 });
  return free;
}

const GONE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EEXIST', 'EISDIR'];

/** A link on the way to a path below `root`, or the path itself. */
function firstLink(root: string, path: string): string {
  let reached = root;
  for (const part of relative(root, path).split(sep)) {
    reached = join(reached, part);
    if (lstatSync(bytesOf(reached), { throwIfNoEntry: false })?.isSymbolicLink() === true) return reached;
  }
  return path;
}

/** Answers where it lies now. @throws Error of the file system */
export function setAside(root: string, path: string): string {
  const name = inOpenedFolderBelow(root, dirname(path), (folder) => renameAside(folder, basename(path)));
  return join(dirname(path), name);
}

/** Answers its new name. */
function renameAside(folder: string, name: string): string {
  const free = freeName(folder, name);
  renameSync(bytesOf(`${folder}/${name}`), bytesOf(`${folder}/${free}`));
  return free;
}

function freeName(folder: string, name: string): string {
  const bytes = Buffer.from(bytesOf(name));
  const start = bytes.length + ROOM > MAX_NAME ? textOfName(bytes.subarray(0, MAX_NAME - ROOM)) : name;
  for (let count = 1; ; count++) {
    const free = `${start}${SUFFIX}${count === 1 ? '' : `-${count}`}`;
    if (lstatSync(bytesOf(`${folder}/${free}`), { throwIfNoEntry: false }) === undefined) return free;
  }
}

function disarmHooks({ root, path, note }: { root: string; path: string; note: Note }): void {
  if (lstatSync(bytesOf(path)).isDirectory() !== true) {
    note(path, 'renamed', { aside: setAside(root, path) });
    return;
  }
  inOpenedFolderBelow(root, path, (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
      const name = textOfName(entry.name);
      if (name.endsWith('.sample') || name.includes(SUFFIX)) continue;
      try {
        if (!entry.isFile()) {
          note(join(path, name), 'renamed', { aside: join(path, renameAside(folder, name)) });
        } else if (disarmFile(`${folder}/${name}`)) note(join(path, name), 'disarmed');
      } catch (error) {
        if (!GONE.includes(String((error as NodeJS.ErrnoException).code))) note(join(path, name), 'armed');
      }
    }
  });
}

/** True when it was executable. */
const disarmFile = (path: string): boolean => setMode(path, (mode) => mode & 0o666) !== undefined;

/** Answers where the whole of it stays; undefined when nothing in it could run a program. */
function disarmSettings(root: string, path: string): string | undefined {
  return inOpenedFolderBelow(root, dirname(path), (folder) => {
    const name = basename(path);
    const text = readText(`${folder}/${name}`, { follow: false });
    const kept = text === undefined ? '' : withoutPrograms(text);
    if (kept === undefined) return undefined;
    const free = renameAside(folder, name);
    writeFileSync(bytesOf(`${folder}/${name}`), kept, { flag: 'wx', mode: 0o644 });
    return join(dirname(path), free);
  });
}
