import type { Clock } from '../../../node/clock.ts';
import { familyOf, type ProcessFact, type ProcessTable } from './table.ts';

/** Milliseconds. */
export const END_LIMITS = {
  /** From the polite signal to the firm one. */
  polite: 1_000,
  /** From the firm signal to where we stop waiting. */
  firm: 2_000,
  /** Milliseconds between two looks: the system does not report the end of a process that is not a child. */
  look: 25,
} as const;

/** How a family went: politely, killed, or not at all. */
type FamilyEnd = 'terminated' | 'killed' | 'survived';

/** Ends a process with all that belongs to it: politely, then firmly. What else takes their numbers is not touched. */
export async function endFamily(
  root: ProcessFact,
  { table, clock }: { table: ProcessTable; clock: Clock },
): Promise<FamilyEnd> {
  const known = new Map<string, ProcessFact>();
  const living = async () => {
    const all = await table.all();
    const members = all.filter((fact) => known.has(keyOf(fact)) || keyOf(fact) === keyOf(root));
    // Processes that the family started in the meantime belong to it as well.
    for (const fact of members.flatMap((member) => familyOf(member, all))) known.set(keyOf(fact), fact);
    return all.filter((fact) => known.has(keyOf(fact)));
  };
  const goneWithin = async (limitMs: number) => {
    const until = clock.now() + limitMs;
    while ((await living()).length > 0) {
      if (clock.now() >= until) return false;
      await pause(clock, END_LIMITS.look);
    }
    return true;
  };

  for (const { pid } of await living()) signal(pid, 'SIGTERM');
  if (await goneWithin(END_LIMITS.polite)) return 'terminated';
  for (const { pid } of await living()) signal(pid, 'SIGKILL');
  return (await goneWithin(END_LIMITS.firm)) ? 'killed' : 'survived';
}

const keyOf = ({ pid, start }: ProcessFact) => `${pid} ${start}`;

export function pause(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(ms, resolve);
  return promise;
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: gone already. EPERM: not ours to end, which the next look tells.
    if (!['ESRCH', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
