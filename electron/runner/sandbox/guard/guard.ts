import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { bytesOf } from '../../../node/byte-names.ts';
import type { Clock } from '../../../node/clock.ts';
import { EMPTY_INSIDE, type Mount } from '../mounts.ts';
import { type Findings, type FindOptions, findInTree } from './find.ts';
import { watchElsewhere } from './git-links.ts';
import { placesOf, realPathOf, worktreesOf } from './git-stores.ts';
import { isTakenOut, matchesPatterns } from './name-patterns.ts';
import { isPlaceholder, makePlaceholder } from './placeholders.ts';
import {
  identityOf,
  type Known,
  partsOf,
  placedIdentityOf,
  type Quarantined,
  quarantine,
  unlock,
} from './quarantine.ts';
import { emptyFile, forget, holdPlaceholders, tidyUp } from './records.ts';

/** Keeps a session from planting configuration for the host's programs in its working directory. */
export interface Guard {
  /** To be made after the policy's own, in this order. */
  readonly mounts: readonly Mount[];
  /** Sets aside what has come since the session began, or since `renew` was told. */
  inspect(): Promise<Quarantined[]>;
  /** Takes away what stands in the working directory. The session's processes must be stopped until after `renew`. */
  rest(): void;
  /**
   * Protects what is there now. `commit` makes it what was there before the session: to be called when no process of it
   * was at work since `rest`. @throws PerchError SANDBOX_FAILED when it cannot be held
   */
  renew(): Promise<{ readonly mounts: readonly Mount[]; commit(): void }>;
  /**
   * Paths that a mount protected were replaced or removed, which no process of the session can: what is there now is the
   * user's. Answers with the mounts for it; names that were held free are held free again.
   */
  again(paths: readonly string[]): readonly Mount[];
  /** The session ends without having been at work since `rest`: all that has come since is the user's. */
  leave(): void;
  /** Inspects for the last time, once the session's processes are gone, and removes everything of its own. */
  close(): Promise<Quarantined[]>;
}

/** Each is a mount; far more than a project has, and few enough for the kernel and for bubblewrap. */
const MAX_MOUNTS = 1000;

/** @throws PerchError SANDBOX_FAILED when it cannot be held */
export async function openGuard(policy: SandboxPolicy, clock: Clock): Promise<Guard> {
  const { workingDirectory: root, guard, records } = policy;
  tidyUp(records);
  const tree: FindOptions = { root, names: guard.names, empty: guard.empty };
  const id = randomUUID();
  let made: string[] = [];

  const protect = async () => {
    const findings = await findInTree(tree);
    const wanted = wantedPlaceholders(root, findings, guard.held);
    made = wanted;
    await holdPlaceholders(records, id, { root, placeholders: wanted }, clock);
    const mounts = guardMounts(policy, findings, wanted);
    if (mounts.length <= MAX_MOUNTS) return { mounts, known: knownOf(root, findings, wanted) };
    release();
    const reason = `${root} has ${mounts.length} files and folders to protect, ${MAX_MOUNTS} are possible`;
    throw new PerchError('SANDBOX_FAILED', { reason });
  };
  const release = (): void => {
    forget(records, id, { root, placeholders: made });
    made = [];
  };
  const first = await protect();
  let known = first.known;
  /** Could not be set aside. It does not become the user's by that. */
  const armed = new Set<string>();
  const elsewhere = await Promise.all((guard.free ?? []).map((path) => keepFree(records, path, clock)));
  const inspectElsewhere = await watchElsewhere(policy);

  let isOver = false;
  const inspect = async (): Promise<Quarantined[]> => {
    if (isOver) return [];
    const now = await findInTree({
      ...tree,
      unlock: (path) => !known.has(identityOf(path) ?? '') && unlock(root, path),
    });
    // Another session's placeholders are no work of this one.
    const guarded = now.guarded.filter((path) => !isPlaceholder(path));
    const found = quarantine(root, { ...now, guarded }, known);
    for (const { path, how } of found) if (how === 'armed') armed.add(identityOf(join(root, path)) ?? '');
    return [...found, ...(await inspectElsewhere())];
  };
  return {
    mounts: [...first.mounts, { source: emptyFile(records), path: EMPTY_INSIDE, writable: false }],
    inspect,
    rest: release,
    async renew() {
      const next = await protect();
      const commit = (): void => {
        known = new Set([...next.known].filter((one) => !armed.has(one)));
      };
      return { mounts: next.mounts, commit };
    },
    again(paths) {
      const root = policy.workingDirectory;
      for (const path of paths) if (guard.held.some((name) => join(root, name) === path)) makePlaceholder(root, path);
      const more = paths.map(identityOf).filter((one) => one !== undefined);
      known = new Set([...known, ...more]);
      const present = mountable(root, paths);
      const isEmpty = (path: string): boolean => matchesPatterns(basename(path), guard.empty);
      const pinned = (path: string): boolean => basename(path) === '.git' && lstatSync(bytesOf(path)).isDirectory();
      return present.map((path) => ({
        source: isEmpty(path) ? emptyFile(records) : path,
        path,
        writable: pinned(path),
      }));
    },
    leave() {
      isOver = true;
    },
    async close() {
      release();
      for (const release of elsewhere) release();
      return inspect();
    },
  };
}

/** Keeps a path outside of the working directory absent until it is released. An existing entry stays. */
async function keepFree(records: string, path: string, clock: Clock): Promise<() => void> {
  const root = dirname(path);
  const placeholders = isAbsent(path) || isPlaceholder(path) ? [path] : [];
  const id = randomUUID();
  await holdPlaceholders(records, id, { root, placeholders }, clock);
  return () => forget(records, id, { root, placeholders });
}

/** The identities that are there when a session begins. */
export function knownOf(root: string, findings: Findings, more: readonly string[] = []): Known {
  const places = placesOf(worktreesOf(root, findings));
  const all = [...partsOf(findings), ...findings.locked, ...places, ...more];
  const known = all.map(identityOf).filter((one) => one !== undefined);
  return new Set([...known, ...findings.links.map(placedIdentityOf)]);
}

/** Paths that do not exist and are to stay so. */
function wantedPlaceholders(root: string, { repositories }: Findings, names: readonly string[]): string[] {
  const atRoot = names.map((name) => join(root, name));
  const hooks = repositories.filter((folder) => basename(folder) === '.git').map((folder) => join(folder, 'hooks'));
  return [...atRoot, ...hooks].filter((path) => isAbsent(path) || isPlaceholder(path));
}

const isAbsent = (path: string): boolean => lstatSync(bytesOf(path), { throwIfNoEntry: false }) === undefined;

/** The guard's mounts: paths to hold read-only or empty, and `.git` folders that must not be moved. */
export function guardMounts(policy: SandboxPolicy, findings: Findings, placeholders: readonly string[]): Mount[] {
  const root = policy.workingDirectory;
  const { repositories, guarded, secrets, locked } = findings;
  const parts = repositories.flatMap((folder) =>
    ['hooks', 'config', 'config.worktree', 'commondir'].map((part) => join(folder, part)),
  );
  const named = placesOf(worktreesOf(root, findings));
  const closed = mountable(root, [...guarded, ...parts, ...named, ...locked, ...placeholders]);
  // A mount of its own keeps `.git` from being renamed to make room for another.
  const pinned = repositories.filter((folder) => basename(folder) === '.git');
  const empty = mountable(root, secrets).filter(
    (path) => lstatSync(bytesOf(path)).isFile() && !isTakenOut(basename(path), policy.guard.empty),
  );
  const source = empty.length === 0 ? '' : emptyFile(policy.records);
  const all: Mount[] = [
    ...pinned.map((path) => ({ source: path, path, writable: true })),
    ...closed.map((path) => ({ source: path, path, writable: false })),
    ...empty.map((path) => ({ source, path, writable: false })),
  ];
  // A path inside of a read-only folder needs no mount, and must not be opened again.
  const isClosed = ({ path }: Mount): boolean =>
    policy.readOnly.some((one) => path === one.path || path.startsWith(`${one.path}${sep}`));
  return all.filter((mount) => !isClosed(mount)).sort((a, b) => depth(a) - depth(b));
}

/** A mount does not lie on a link: it is made on what that leads to, where a session could change it. */
function mountable(root: string, paths: readonly string[]): string[] {
  const real = paths.map((path) => realPathOf(path)).filter((path) => path?.startsWith(`${root}${sep}`) === true);
  return [...new Set(real)].filter((path): path is string => {
    const stat = path === undefined ? undefined : lstatSync(bytesOf(path), { throwIfNoEntry: false });
    return stat !== undefined && (stat.isFile() || stat.isDirectory());
  });
}

const depth = ({ path }: Mount): number => path.split(sep).length;
