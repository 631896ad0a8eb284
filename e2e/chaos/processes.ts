import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process by number and start: a recycled number is another one. */
export interface Known {
  readonly pid: number;
  readonly start: string;
  readonly command: string;
}

function read(pid: number): (Known & { parent: number }) | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; the fields count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(fields[1]), start: fields[19] ?? '', command };
  } catch {
    return undefined; // it is gone
  }
}

/** All that a process started, and what that started. */
export function descendants(of: number): Known[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)) ?? []);
  const family = new Set([of]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => pid !== of && family.has(pid));
}

export function isAlive({ pid, start }: Known): boolean {
  return read(pid)?.start === start;
}

/** Milliseconds until all of them were gone; those that are left after the limit are named. */
export async function whenGone(known: readonly Known[], limitMs: number): Promise<{ took: number; left: Known[] }> {
  const started = performance.now();
  for (;;) {
    const left = known.filter(isAlive);
    const took = performance.now() - started;
    if (left.length === 0 || took > limitMs) return { took, left };
    await pause(10);
  }
}
