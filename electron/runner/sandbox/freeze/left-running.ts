import { commandOf, isShell, listensOn, talksOnItsInput } from './command-line.ts';
import type { Identity } from './freezer.ts';
import type { ProcessState, Walk } from './processes.ts';

/** A process that a turn left in the background, and all that belongs to it. */
export interface LeftRunning {
  /** Tells it from every other process since the machine was started. */
  readonly id: string;
  readonly command: string;
  readonly ports: readonly number[];
}

export interface Family {
  readonly id: string;
  /** The one that stands for all of it first. */
  readonly members: readonly ProcessState[];
}

type Processes = Pick<Walk, 'processes'>;

/** Numbers of processes are given again, with another start. */
const keyOf = ({ pid, started }: Identity): string => `${pid}-${started}`;

export const keysOf = ({ processes }: Processes): Set<string> => new Set([...processes.values()].map(keyOf));

/**
 * The processes in a session that are not its own: each that came after the session was opened, with its descendants.
 * `isHelper` knows those that the agent started later for itself.
 */
export function familiesLeft(
  { processes }: Processes,
  own: ReadonlySet<string>,
  isHelper: (process: ProcessState) => boolean,
): Family[] {
  const children = Map.groupBy(processes.values(), ({ parent }) => parent);
  const below = (one: ProcessState): ProcessState[] => [one, ...(children.get(one.pid) ?? []).flatMap(below)];
  const roots = [...processes.values()].filter(({ parent }) => !processes.has(parent));
  const agents = new Set<number>();
  // Parents first: a helper of the agent's is one because of its parent.
  for (const one of roots.flatMap(below)) {
    if (own.has(keyOf(one)) || (agents.has(one.parent) && !one.dead && isHelper(one))) agents.add(one.pid);
  }
  return [...processes.values()]
    .filter((one) => !one.dead && !agents.has(one.pid) && agents.has(one.parent))
    .map((one) => ({ id: keyOf(one), members: below(one).filter(({ pid, dead }) => !dead && !agents.has(pid)) }));
}

/**
 * A program that the agent talks to, for example a language server: its input is a pipe to the agent. What a turn leaves
 * in the background has none; the shells that agents run commands in may have one.
 */
export const isHelper = ({ pid }: ProcessState): boolean => !isShell(pid) && talksOnItsInput(pid);

export function describeFamily({ id, members }: Family): LeftRunning {
  const [first = { pid: 0, started: '' }] = members;
  const childrenOf = (pid: number) => members.filter(({ parent }) => parent === pid);
  return { id, command: commandOf(first, childrenOf), ports: listensOn(members.map(({ pid }) => pid)) };
}
