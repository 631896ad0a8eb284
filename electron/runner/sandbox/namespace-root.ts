import { readFileSync, readlinkSync } from 'node:fs';

/**
 * The child of a process that is the first of a PID namespace of its own, as the host numbers it. Undefined while there
 * is none, and where the kernel does not list children.
 */
export function namespaceRootBelow(pid: number): number | undefined {
  try {
    const own = readlinkSync('/proc/self/ns/pid');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/);
    return children.map(Number).find((child) => child > 0 && readlinkSync(`/proc/${child}/ns/pid`) !== own);
  } catch {
    // Gone in between: then there is nothing to end.
    return undefined;
  }
}
