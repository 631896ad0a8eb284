import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import type { Mount } from '../mounts.ts';
import { type Findings, findInTree } from './find.ts';
import { placesNamed } from './git-settings.ts';
import { isPlaceholder, makePlaceholder } from './placeholders.ts';
import { identityOf, partsOf, type Quarantined, quarantine } from './quarantine.ts';
import { emptyFile, forget, tidyUp, writeRecord } from './records.ts';

/** What keeps a session from leaving orders for the host's programs in its working directory. */
export interface Guard {
  /** To be made after the policy's own, in this order. */
  readonly mounts: readonly Mount[];
  /** Sets aside what has come since the session began. */
  inspect(): Promise<Quarantined[]>;
  /** The same, once the session's processes are gone, and leaves nothing of its own behind. */
  close(): Promise<Quarantined[]>;
}

/** Each is a mount; far more than a project has, and few enough for the kernel and for bubblewrap. */
const MAX_MOUNTS = 1000;

/** @throws PerchError SANDBOX_FAILED when it cannot be held */
export async function openGuard(policy: SandboxPolicy): Promise<Guard> {
  const { workingDirectory: root, guard, records } = policy;
  tidyUp(records);
  const find = (): Promise<Findings> => findInTree({ root, names: guard.names, empty: guard.empty });
  const findings = await find();
  const wanted = wantedPlaceholders(root, findings, guard.held);
  const id = randomUUID();
  // Before they are made: a process that is killed in between leaves nothing that nobody knows of.
  if (wanted.length > 0) writeRecord(records, id, { root, placeholders: wanted });
  for (const path of wanted) makePlaceholder(root, path);
  const mounts = guardMounts(policy, findings, wanted);
  if (mounts.length > MAX_MOUNTS) {
    const reason = `${root} has ${mounts.length} files and folders to protect, ${MAX_MOUNTS} are possible`;
    throw new PerchError('SANDBOX_FAILED', { reason });
  }
  const known = new Set([...partsOf(findings), ...wanted].map(identityOf).filter((one) => one !== undefined));

  const inspect = async (): Promise<Quarantined[]> => {
    const now = await find();
    // Another session's placeholders are no work of this one.
    const guarded = now.guarded.filter((path) => !isPlaceholder(path));
    const done = quarantine(root, { ...now, guarded }, known);
    return now.complete ? done : [...done, { path: '.', how: 'unchecked' }];
  };
  return {
    mounts,
    inspect,
    async close() {
      forget(records, id, { root, placeholders: wanted });
      return inspect();
    },
  };
}

/** Paths that do not exist and are to stay so. */
function wantedPlaceholders(root: string, { repositories }: Findings, names: readonly string[]): string[] {
  const atRoot = names.map((name) => join(root, name));
  const hooks = repositories.filter((folder) => basename(folder) === '.git').map((folder) => join(folder, 'hooks'));
  return [...atRoot, ...hooks].filter((path) => isAbsent(path) || isPlaceholder(path));
}

const isAbsent = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) === undefined;

/** What the guard wants mounted: what to hold read-only or empty, and `.git` folders that must not be moved. */
export function guardMounts(policy: SandboxPolicy, findings: Findings, placeholders: readonly string[]): Mount[] {
  const root = policy.workingDirectory;
  const { repositories, guarded, secrets } = findings;
  const parts = repositories.flatMap((folder) =>
    ['hooks', 'config', 'config.worktree'].map((part) => join(folder, part)),
  );
  const named = repositories.flatMap((folder) => placesOf(root, folder));
  const closed = [...guarded, ...parts, ...named, ...placeholders].filter(isMountable);
  // As a mount of its own `.git` cannot be renamed to make room for another.
  const pinned = repositories.filter((folder) => basename(folder) === '.git');
  const empty = secrets.filter(isMountable);
  const source = empty.length === 0 ? '' : emptyFile(policy.records);
  const all: Mount[] = [
    ...pinned.map((path) => ({ source: path, path, writable: true })),
    ...[...new Set(closed)].map((path) => ({ source: path, path, writable: false })),
    ...empty.map((path) => ({ source, path, writable: false })),
  ];
  // What is read-only as a whole needs nothing, and must not be opened again.
  const isClosed = ({ path }: Mount): boolean =>
    policy.readOnly.some((one) => path === one.path || path.startsWith(`${one.path}${sep}`));
  return all.filter((mount) => !isClosed(mount)).sort((a, b) => depth(a) - depth(b));
}

/** A mount does not lie on a link; what it leads to is found by itself where it is in the working directory. */
function isMountable(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isFile() || stat.isDirectory());
}

/** Folders of hooks and further settings in the working directory that a repository's settings name. */
function placesOf(root: string, folder: string): string[] {
  const { hooksPaths, includes } = placesNamed(textOf(join(folder, 'config')));
  const worktree = basename(folder) === '.git' ? dirname(folder) : folder;
  return [
    ...hooksPaths.map((path) => resolve(worktree, atHome(path))),
    ...includes.map((path) => resolve(folder, atHome(path))),
  ].filter((path) => path.startsWith(`${root}${sep}`) && existsSync(path) && realpathSync(path) === path);
}

const atHome = (path: string): string => path.replace(/^~(?=\/)/, homedir());

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const depth = ({ path }: Mount): number => path.split(sep).length;
