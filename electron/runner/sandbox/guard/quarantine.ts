import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { inFolderBelow } from './below.ts';
import type { Findings } from './find.ts';
import { withoutPrograms } from './git-settings.ts';

/** What was set aside, relative to the working directory, and how. */
export interface Quarantined {
  readonly path: string;
  /**
   * `renamed`: it has `.quarantined` behind its name now. `disarmed`: it is no longer executable, or without programs.
   * `unchecked`: there was too much to look at.
   */
  readonly how: 'renamed' | 'disarmed' | 'unchecked';
}

/** What was there when the session began, by what the kernel knows it by: a moved file stays the same one. */
export type Known = ReadonlySet<string>;

const SUFFIX = '.quarantined';
/** Parts of a repository that make git run programs. */
const REPOSITORY_PARTS = ['hooks', 'config', 'config.worktree', 'commondir'];

/** The parts and entries that count as known once a session runs. */
export function partsOf(findings: Findings): string[] {
  return [
    ...findings.guarded,
    ...findings.repositories.flatMap((folder) => REPOSITORY_PARTS.map((part) => join(folder, part))),
  ];
}

export function identityOf(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  // A number is given again as soon as its file is gone; the time of its making is not.
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}

/**
 * Takes the teeth out of whatever came into the working directory since `known`: before anything on the host runs it,
 * and while processes of the session may still be at work there. Nothing is deleted.
 */
export function quarantine(root: string, findings: Findings, known: Known): Quarantined[] {
  const isNew = (path: string): boolean => {
    const identity = identityOf(path);
    return identity !== undefined && !known.has(identity);
  };
  const done: Quarantined[] = [];
  const note = (path: string, how: Quarantined['how']): void => {
    done.push({ path: relative(root, path), how });
  };
  for (const path of findings.guarded) {
    if (basename(path) === '.git' || !isNew(path)) continue;
    if (setAside(root, path)) note(path, 'renamed');
  }
  for (const folder of findings.repositories) {
    const part = (name: string): string => join(folder, name);
    if (isNew(part('hooks'))) for (const [path, how] of disarmHooks(root, part('hooks'))) note(path, how);
    for (const name of ['config', 'config.worktree']) {
      if (isNew(part(name)) && disarmSettings(root, part(name))) note(part(name), 'disarmed');
    }
    if (isNew(part('commondir')) && !leadsToRepository(part('commondir'), findings)) {
      if (setAside(root, part('commondir'))) note(part('commondir'), 'renamed');
    }
  }
  return done;
}

/** False when it has gone meanwhile. */
function setAside(root: string, path: string): boolean {
  return attempt(() =>
    inFolderBelow(root, dirname(path), (folder) => {
      const name = basename(path);
      renameSync(`${folder}/${name}`, `${folder}/${freeName(folder, name)}`);
    }),
  );
}

function freeName(folder: string, name: string): string {
  for (let count = 1; ; count++) {
    const free = `${name}${SUFFIX}${count === 1 ? '' : `-${count}`}`;
    if (lstatSync(`${folder}/${free}`, { throwIfNoEntry: false }) === undefined) return free;
  }
}

function disarmHooks(root: string, path: string): [path: string, how: Quarantined['how']][] {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return setAside(root, path) ? [[path, 'renamed']] : [];
  }
  const done: [string, Quarantined['how']][] = [];
  attempt(() =>
    inFolderBelow(root, path, (folder) => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.name.endsWith('.sample') || entry.name.includes(SUFFIX)) continue;
        const own = join(path, entry.name);
        if (entry.isFile()) {
          if (disarmFile(`${folder}/${entry.name}`)) done.push([own, 'disarmed']);
        } else if (attempt(() => renameSync(`${folder}/${entry.name}`, `${folder}/${freeName(folder, entry.name)}`))) {
          done.push([own, 'renamed']);
        }
      }
    }),
  );
  return done;
}

/** True when it was executable. */
function disarmFile(path: string): boolean {
  const { mode } = lstatSync(path);
  if ((mode & 0o111) === 0) return false;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    fchmodSync(descriptor, fstatSync(descriptor).mode & 0o666);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** True when there was something in it that could run a program. The whole of it stays beside it. */
function disarmSettings(root: string, path: string): boolean {
  let changed = false;
  attempt(() =>
    inFolderBelow(root, dirname(path), (folder) => {
      const name = basename(path);
      const stat = lstatSync(`${folder}/${name}`);
      const kept = stat.isFile() ? withoutPrograms(readFileSync(`${folder}/${name}`, 'utf8')) : '';
      if (kept === undefined) return;
      renameSync(`${folder}/${name}`, `${folder}/${freeName(folder, name)}`);
      writeFileSync(`${folder}/${name}`, kept, { flag: 'wx', mode: 0o644 });
      changed = true;
    }),
  );
  return changed;
}

/** As git's own worktrees have it. */
function leadsToRepository(path: string, { repositories }: Findings): boolean {
  try {
    return repositories.includes(resolve(dirname(path), readFileSync(path, 'utf8').trim()));
  } catch {
    return false;
  }
}

/** False when what it was about has gone or become something else: a session's processes may still run. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EEXIST', 'EISDIR'].includes(String((error as NodeJS.ErrnoException).code))) {
      return false;
    }
    throw error;
  }
}
