import { isAbsolute, relative, sep } from 'node:path';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';

export interface PolicyInput {
  readonly enforcement: SandboxPolicy['enforcement'];
  /** Files and folders of the agent, its adapter, and the Node that runs them. */
  readonly programParts: readonly string[];
  readonly workingDirectory: string;
  readonly state: SandboxPolicy['state'];
  /** Folders that no part of a program may open: Perch's own data, the user's home. */
  readonly closed: readonly string[];
}

/**
 * What a session may touch. Parts inside other parts are left out; a part that would open a closed folder as a whole
 * is left out too, and the agent then fails to start rather than see the user's files.
 */
export function sandboxPolicy(input: PolicyInput): SandboxPolicy {
  const parts = [...new Set(input.programParts)].filter(
    (part) => !input.closed.some((folder) => contains(part, folder)),
  );
  const outermost = parts.filter((part) => !parts.some((other) => other !== part && contains(other, part)));
  return {
    enforcement: input.enforcement,
    readOnly: outermost.sort().map((path) => ({ path, optional: false })),
    writable: [],
    state: input.state,
    workingDirectory: input.workingDirectory,
    network: 'shared',
  };
}

/** Whether `path` is `folder` itself or something in it. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // A name may begin with two dots: `..cache` is in the folder. Absolute: another drive of Windows.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
