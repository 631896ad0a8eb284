import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../../../node/error-code.ts';

/** A process as the kernel tells of it, by the numbers of the host. */
export interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks after boot: a number that was given again belongs to another process. */
  readonly started: string;
  /** True when no thread of it can run before a signal lets it. */
  readonly stopped: boolean;
  /** True when a thread waits in the kernel for something that no signal ends, for example for a child after `vfork`. */
  readonly stuck: boolean;
  /** True when it was ended and its parent has not asked for that yet. */
  readonly dead: boolean;
  /** Time on a processor, of all threads, as exact as the kernel counts it. */
  readonly ran: string;
}

export interface Walk {
  readonly processes: ReadonlyMap<number, ProcessState>;
  /** False when something ended while it was looked at: then a process may have been passed over. */
  readonly whole: boolean;
}

/** State letters of proc(5): stopped by a signal; ended. */
const STOPPED = 'T';
const ENDED = ['Z', 'X', 'x'];
const UNINTERRUPTIBLE = 'D';

/**
 * A process and all its descendants. For the first process of a PID namespace these are all in there: orphans
 * become its children.
 */
export function walkBelow(root: number): Walk {
  const processes = new Map<number, ProcessState>();
  const waiting = [root];
  let whole = true;
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (processes.has(pid)) continue;
    const found = lookAt(pid);
    if (found === undefined) whole = false;
    else {
      processes.set(pid, found.state);
      waiting.push(...found.children);
      if (!found.whole) whole = false;
    }
  }
  return { processes, whole };
}

function lookAt(pid: number): { state: ProcessState; children: number[]; whole: boolean } | undefined {
  const folder = `/proc/${pid}/task`;
  const threads = attempt(() => readdirSync(folder));
  const own = statOf(`/proc/${pid}/stat`);
  if (threads === undefined || own === undefined) return undefined;
  const states: string[] = [];
  const children: number[] = [];
  const ran: string[] = [];
  let whole = true;
  for (const thread of threads) {
    const stat = statOf(`${folder}/${thread}/stat`);
    const list = attempt(() => readFileSync(`${folder}/${thread}/children`, 'latin1'));
    if (stat === undefined || list === undefined) {
      whole = false;
      continue;
    }
    states.push(stat.state);
    const schedule = attempt(() => readFileSync(`${folder}/${thread}/schedstat`, 'latin1').trim()) ?? '';
    ran.push(`${thread} ${stat.ticks} ${schedule}`);
    for (const child of list.trim().split(' ')) if (child !== '') children.push(Number(child));
  }
  const living = states.filter((state) => !ENDED.includes(state));
  return {
    children,
    whole,
    state: {
      pid,
      parent: own.parent,
      started: own.started,
      stopped: whole && living.every((state) => state === STOPPED),
      stuck: living.some((state) => state === UNINTERRUPTIBLE),
      dead: whole && living.length === 0,
      ran: ran.join('\n'),
    },
  };
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly started: string;
  readonly ticks: string;
}

function statOf(file: string): Stat | undefined {
  const text = attempt(() => readFileSync(file, 'latin1'));
  if (text === undefined) return undefined;
  // The second field is the name in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent = ''] = fields;
  return { state, parent: Number(parent), started: fields[19] ?? '', ticks: `${fields[11]}+${fields[12]}` };
}

/** How many processes are in the namespace that this is the first process of, by that namespace's own /proc. */
export function countInside(root: number): number {
  return readdirSync(`/proc/${root}/root/proc`).filter((name) => /^\d+$/.test(name)).length;
}

/**
 * The first process of the inner sandbox's PID namespace, which lies two levels below this process's own. Undefined
 * while there is none.
 */
export function innerRootBelow(pid: number): number | undefined {
  const own = levelsOf('self').length;
  const waiting = [pid];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const levels = levelsOf(String(at));
    if (levels.length === own + 2 && levels.at(-1) === '1') return at;
    if (levels.length <= own + 1) waiting.push(...(lookAt(at)?.children ?? []));
  }
  return undefined;
}

/** The numbers of a process in each PID namespace that it is in. */
function levelsOf(pid: string): string[] {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? '';
  return /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? [];
}

/** Undefined when the process is gone; `also`: further codes that count as that. */
export function attempt<T>(read: () => T, also: readonly string[] = []): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', ...also].includes(codeOf(error))) return undefined;
    throw error;
  }
}
