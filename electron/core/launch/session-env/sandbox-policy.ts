import { dirname } from 'node:path';
import type { SandboxPolicy } from '../../../../shared/model/sandbox-policy.ts';
import { contains } from '../../../node/paths.ts';
import { GUARDED_NAMES, HELD_NAMES, SECRET_FILES } from './guarded-names.ts';

/** Far above what a build needs, far below what takes a machine down. */
const LIMITS = { processes: 4096, fileBytes: 16 * 1024 ** 3, memoryBytes: 16 * 1024 ** 3 };

export interface PolicyInput {
  readonly enforcement: SandboxPolicy['enforcement'];
  /** Files and folders of the agent, its adapter, and the Node that runs them. */
  readonly programParts: readonly string[];
  /** Real paths of Perch's own programs and modules. */
  readonly installation: readonly string[];
  /** Files of the user's own certificates, made by Perch. */
  readonly certificates: readonly string[];
  readonly workingDirectory: string;
  /** The parts that git needs of the repository whose worktree the working directory is; absent for other folders. */
  readonly git?:
    | { readonly readOnly: readonly string[]; readonly writable: readonly string[]; readonly free: readonly string[] }
    | undefined;
  readonly state: SandboxPolicy['state'];
  readonly network: SandboxPolicy['network'];
  readonly nesting: boolean;
  /** True when the session may read the files with a project's own secrets. */
  readonly showSecretFiles: boolean;
  readonly nodeExecutable: string;
  /** Folder of the host, never shown inside. */
  readonly records: string;
  /** Folders that no part of a program may open: Perch's own data, the user's home. */
  readonly closed: readonly string[];
}

/**
 * Decides what a session may touch. Parts inside other parts are left out. A part that would open a closed folder as a
 * whole is left out too: the agent then fails to start rather than see the user's files. In a checkout of Perch that is
 * the project, the files that Perch itself runs from are read-only, because they run outside of any sandbox.
 */
export function sandboxPolicy(input: PolicyInput): SandboxPolicy {
  const { workingDirectory, closed, git } = input;
  const own = outermost(input.installation.filter((path) => isInside(workingDirectory, path)));
  const open = input.programParts.filter((part) => !closed.some((folder) => contains(part, folder)));
  const parts = outermost(open).filter((part) => !own.some((path) => contains(path, part)));
  return {
    enforcement: input.enforcement,
    readOnly: [
      ...[...parts, ...own, ...input.certificates, ...(git?.readOnly ?? [])]
        .sort()
        .map((path) => ({ path, optional: false })),
      ...(git?.free ?? []).map((path) => ({ path, optional: true })),
    ],
    writable: [...pinned(own, { workingDirectory, parts }), ...(git?.writable ?? [])],
    state: input.state,
    workingDirectory,
    network: input.network,
    guard: {
      names: [...GUARDED_NAMES],
      held: [...HELD_NAMES],
      empty: input.showSecretFiles ? [] : [...SECRET_FILES],
      ...(git === undefined ? {} : { free: [...git.free] }),
    },
    limits: LIMITS,
    nesting: input.nesting,
    nodeExecutable: input.nodeExecutable,
    records: input.records,
  };
}

/** Each once, without those inside others. */
function outermost(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => isInside(other, path)));
}

/**
 * The folders on the way to read-only ones. As mounts of their own they cannot be renamed: otherwise another folder
 * could take the place of one with all that is in it. Those in a read-only part stay as they are.
 */
function pinned(
  own: readonly string[],
  { workingDirectory, parts }: { workingDirectory: string; parts: readonly string[] },
): string[] {
  const folders = new Set<string>();
  for (const path of own) {
    for (let above = dirname(path); isInside(workingDirectory, above); above = dirname(above)) folders.add(above);
  }
  const readOnly = parts.filter((part) => isInside(workingDirectory, part));
  return [...folders].filter((folder) => !readOnly.some((part) => contains(part, folder))).sort();
}

function isInside(folder: string, path: string): boolean {
  return path !== folder && contains(folder, path);
}
