/** A process as the system tells of it. One that ended and waits to be reaped is none. */
export interface ProcessFact {
  readonly pid: number;
  readonly parent: number;
  /** Its process group, named by the pid of the one that leads it. */
  readonly group: number;
  /** When it started, in the system's own words: good for comparing, within one run of the system, and for nothing else. */
  readonly start: string;
}

/** The system's information about its processes. Every method rejects where it cannot be found out. */
export interface ProcessTable {
  /** Names this run of the system: after a restart all numbers begin anew. */
  boot(): Promise<string>;
  find(pid: number): Promise<ProcessFact | undefined>;
  all(): Promise<ProcessFact[]>;
}

/**
 * A process, everything that came from it, and the group that it leads: a process that it started and left lives on as
 * a child of another one, but in its group.
 */
export function familyOf(root: ProcessFact, all: readonly ProcessFact[]): ProcessFact[] {
  const family = new Set([root.pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent, group } of all) {
      if (family.has(parent) || (group === root.pid && root.group === root.pid)) family.add(pid);
    }
  }
  return all.filter(({ pid }) => family.has(pid));
}
