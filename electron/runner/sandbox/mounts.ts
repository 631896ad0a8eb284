import { dirname, isAbsolute, normalize, sep } from 'node:path';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import { realPathOf as real } from './guard/git-stores.ts';

/** A folder or file of the host, and its place in the sandbox. */
export interface Mount {
  readonly source: string;
  readonly path: string;
  readonly writable: boolean;
}

/** An empty file in every sandbox: what lies over files that come to be while it lives and are to read as empty. */
export const EMPTY_INSIDE = '/run/empty';

/** Raised with a reason for a person; the backend turns it into SANDBOX_FAILED. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/**
 * The policy's own mounts in the order in which they must be made: parents before what lies below them, so that
 * the more specific one decides, whichever kind it is.
 * @throws PolicyError
 */
export function policyMounts(
  policy: SandboxPolicy,
  guard: readonly Mount[] = [],
): { mounts: Mount[]; workingDirectory: string } {
  const workingDirectory = asItIs(policy.workingDirectory);
  const writable: Mount[] = [
    ...policy.writable.map((path) => ({ source: asItIs(path), path, writable: true })),
    { source: existing(policy.state.hostPath), path: policy.state.sandboxPath, writable: true },
    { source: workingDirectory, path: workingDirectory, writable: true },
  ];
  const readOnly = policy.readOnly.flatMap(({ path, optional }): Mount[] => {
    const source = real(path);
    // Another session may write there too.
    if (policy.writable.some((folder) => path.startsWith(`${folder}${sep}`)) && source !== undefined) asItIs(path);
    if (source !== undefined) return [{ source, path, writable: false }];
    if (optional) return [];
    throw new PolicyError(`${path} does not exist`);
  });
  // At the same depth the guard's mounts come last, so that no other mount covers them.
  const mounts = [...readOnly, ...writable, ...guard].sort((a, b) => depth(a) - depth(b));
  for (const mount of mounts) refuseOddPath(mount);
  for (const mount of mounts) refuseLinkedWay(mount, writable);
  return { mounts, workingDirectory };
}

function refuseOddPath({ path }: Mount): void {
  if (!isAbsolute(path) || path.includes('\0')) throw new PolicyError(`${path} is no absolute path`);
  if (normalize(path) !== path || path === sep) throw new PolicyError(`${path} cannot be shown in a sandbox`);
}

/**
 * A mount below a folder that the agent may write must not be reached through a link: the agent could have made
 * it, and the mount would land somewhere else (CVE-2026-87766).
 */
function refuseLinkedWay(mount: Mount, writable: readonly Mount[]): void {
  const above = writable.find((other) => other !== mount && mount.path.startsWith(`${other.path}${sep}`));
  if (above === undefined) return;
  const onHost = `${above.source}${dirname(mount.path).slice(above.path.length)}`;
  if (real(onHost) !== onHost) throw new PolicyError(`the way to ${mount.path} leads through a link or is missing`);
}

/** The core judged the real folder. An agent that writes to a folder above could have put a link in its place since. */
function asItIs(path: string): string {
  const found = existing(path);
  if (found !== path) throw new PolicyError(`${path} leads to ${found}: a link stands in its place`);
  return found;
}

function existing(path: string): string {
  const found = real(path);
  if (found === undefined) throw new PolicyError(`${path} does not exist`);
  return found;
}

const depth = (mount: Mount): number => mount.path.split(sep).length;
