import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessFact, ProcessTable } from './table.ts';

/** Ended, but not reaped yet (proc(5)). */
const ENDED = new Set(['Z', 'X', 'x']);

export function createLinuxTable(proc = '/proc'): ProcessTable {
  const read = (pid: number): ProcessFact | undefined => {
    try {
      return parseStat(pid, readFileSync(`${proc}/${pid}/stat`, 'utf8'));
    } catch (error) {
      // ESRCH: it went away between the opening and the reading.
      if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
      throw error;
    }
  };
  return {
    boot: async () => readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8').trim(),
    find: async (pid) => read(pid),
    all: async () =>
      readdirSync(proc)
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => read(Number(name)) ?? []),
  };
}

/** Its start counts in clock ticks since the system started. The name in brackets may hold anything, brackets too. */
function parseStat(pid: number, stat: string): ProcessFact | undefined {
  const [state = '', parent, group, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = fields[16];
  if (start === undefined) throw new Error(`process ${pid}: its stat has no start`);
  return ENDED.has(state) ? undefined : { pid, parent: Number(parent), group: Number(group), start };
}
