import { readFileSync } from 'node:fs';
import type { Clock } from '../../node/clock.ts';
import type { Program } from './program.ts';

/** How a program ended: by itself after its input ended, after a polite signal, or killed. */
export type StopFact = 'ended' | 'terminated' | 'killed';

interface KillableTree {
  readonly program: Pick<Program, 'pid' | 'hasExited' | 'exited'>;
  /** The first process of a PID namespace, as the host numbers it: its end is the end of all in there. */
  readonly namespaceRoot?: (pid: number) => number | undefined;
}

export interface ProcessTree extends KillableTree {
  readonly program: Program;
}

/** How long a whole namespace may take to fall before its outer process is killed too. */
const NAMESPACE_END_MS = 500;

/** Ends a program and its family at once. Resolves when the program is gone. */
export async function killTree(tree: KillableTree, clock: Clock): Promise<void> {
  const { program } = tree;
  if (program.hasExited()) return;
  const root = program.pid === undefined ? undefined : tree.namespaceRoot?.(program.pid);
  if (root !== undefined && parentOf(root) === program.pid) {
    // The outer process leaves only after the kernel has reaped everything inside: its exit is the proof.
    signalProcess(root, 'SIGKILL');
    const takeBack = clock.after(NAMESPACE_END_MS, () => signalGroup(program, 'SIGKILL'));
    await program.exited;
    takeBack();
  } else {
    signalGroup(program, 'SIGKILL');
    await program.exited;
  }
}

/**
 * Stops politely, then firmly: ends the program's input, sends SIGTERM to its group at half of the deadline,
 * kills the tree at the deadline. Resolves when the program is gone, with how that came.
 */
export async function stopTree(tree: ProcessTree, clock: Clock, deadlineMs: number): Promise<StopFact> {
  const { program } = tree;
  let fact: StopFact = 'ended';
  if (program.hasExited()) return fact;
  program.stdin.end();
  const takeBack = [
    clock.after(deadlineMs / 2, () => {
      fact = 'terminated';
      signalGroup(program, 'SIGTERM');
    }),
    clock.after(deadlineMs, () => {
      fact = 'killed';
      void killTree(tree, clock);
    }),
  ];
  await program.exited;
  for (const cancel of takeBack) cancel();
  return fact;
}

function signalGroup(program: KillableTree['program'], signal: NodeJS.Signals): void {
  if (program.pid !== undefined && !program.hasExited()) signalProcess(-program.pid, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: gone in the meantime, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Guards against a recycled pid: only a living child of the program itself is meant. */
function parentOf(pid: number): number | undefined {
  try {
    // The second field is the name in parentheses and may hold anything; the parent follows the state after it.
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)\s/s, '');
    return Number(afterName.split(' ')[1]);
  } catch {
    return undefined;
  }
}
