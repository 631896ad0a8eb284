import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessFact, ProcessTable } from './table.ts';

/** Dates in one language and one zone: what is compared must not change with the user's settings. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC0' };
const LIMIT_MS = 5_000;
const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/;

/** Where there is no /proc, as on macOS. */
export function createPsTable(programs = { ps: '/bin/ps', sysctl: '/usr/sbin/sysctl' }): ProcessTable {
  const ask = async (program: string, args: readonly string[]) =>
    (await promisify(execFile)(program, [...args], { env: ENVIRONMENT, timeout: LIMIT_MS, maxBuffer: 2 ** 24 })).stdout;
  const all = async () => parseRows(await ask(programs.ps, ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=']));
  return {
    boot: async () => (await ask(programs.sysctl, ['-n', 'kern.bootsessionuuid'])).trim(),
    // For a number that is not taken, `ps -p` fails as if it had not worked at all.
    find: async (pid) => (await all()).find((found) => found.pid === pid),
    all,
  };
}

function parseRows(text: string): ProcessFact[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const [, pid, parent, group, state = '', start] = ROW.exec(line) ?? [];
      if (start === undefined) throw new Error(`ps wrote what is no process: ${line.slice(0, 100)}`);
      return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), start }];
    });
}
