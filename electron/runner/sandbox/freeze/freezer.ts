import { type Clock, pause } from '../../../node/clock.ts';
import { countInside, type ProcessState, type Walk, walkBelow } from './processes.ts';

/** Holds all processes of a PID namespace still, between two turns of their session. */
export interface Freezer {
  /** Answers when no thread in there runs any more. @throws FreezeError when that cannot be had */
  freeze(): Promise<void>;
  /** Names what happened when a process was at work all the same since `freeze`. */
  broken(): string | undefined;
  /**
   * Ends some of them for good, and lets the others go on once these are dead. Must be frozen: then none of the numbers
   * can belong to another process. The end of one may let others go on at once: the rest of an orphaned process group, or
   * of a session that loses its terminal. @throws FreezeError when they do not end
   */
  kill(processes: readonly Identity[]): Promise<void>;
  /** Lets them go on. */
  thaw(): void;
  readonly isFrozen: () => boolean;
}

export type Identity = Pick<ProcessState, 'pid' | 'started'>;

class FreezeError extends Error {
  override readonly name = 'FreezeError';
}

interface FreezerDependencies {
  /** The first process of the namespace. */
  readonly root: number;
  readonly clock: Clock;
  readonly walk?: (root: number) => Walk;
  readonly count?: (root: number) => number;
  readonly signal?: (pid: number, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') => void;
}

/** Milliseconds. A crowd that makes new processes faster than they are stopped is no agent's. */
const LIMIT_MS = 3_000;
/** Milliseconds that a thread may be stuck in the kernel before all are let go and stopped once more. */
const STUCK_MS = 60;
const PAUSE_MS = 1;

/** The processes that were stopped, and those that their own session had stopped before. */
interface Frozen {
  readonly processes: ReadonlyMap<number, ProcessState>;
  readonly stoppedBefore: ReadonlySet<number>;
}

export function createFreezer(deps: FreezerDependencies): Freezer {
  const { root, clock, walk = walkBelow, count = countInside, signal = send } = deps;
  let frozen: Frozen | undefined;

  const release = (processes: Iterable<number>, stoppedBefore: ReadonlySet<number>): void => {
    for (const pid of processes) if (!stoppedBefore.has(pid)) signal(pid, 'SIGCONT');
  };

  async function freeze(): Promise<void> {
    if (frozen !== undefined) return;
    const begun = clock.now();
    const asked = new Map<number, string>();
    const stoppedBefore = new Set<number>();
    let before: Walk | undefined;
    let stuckSince: number | undefined;
    for (let pass = 0; ; pass++) {
      const now = walk(root);
      if (!now.processes.has(root)) throw new FreezeError('its processes are gone');
      stopNew(now, { asked, stoppedBefore: pass === 0 ? stoppedBefore : undefined, signal });
      if (isStill(now) && before !== undefined && isSame(now, before) && count(root) === now.processes.size) {
        frozen = { processes: now.processes, stoppedBefore };
        return;
      }
      const time = clock.now();
      if (time - begun > LIMIT_MS) {
        release(asked.keys(), stoppedBefore);
        throw new FreezeError('its processes could not be stopped');
      }
      stuckSince = isOnlyStuck(now) ? (stuckSince ?? time) : undefined;
      if (stuckSince !== undefined && time - stuckSince > STUCK_MS) {
        release(asked.keys(), stoppedBefore);
        asked.clear();
        stuckSince = undefined;
      }
      before = isStill(now) ? now : undefined;
      // The first looks follow at once: a thread that runs is stopped within microseconds.
      if (pass > 1) await pause(clock, PAUSE_MS);
    }
  }

  const thaw = (): void => {
    if (frozen === undefined) return;
    const { processes, stoppedBefore } = frozen;
    frozen = undefined;
    release(processes.keys(), stoppedBefore);
  };

  async function kill(wanted: readonly Identity[]): Promise<void> {
    if (frozen === undefined) throw new FreezeError('its processes are not stopped');
    const living = (): ProcessState[] =>
      [...walk(root).processes.values()].filter(
        ({ pid, started, dead }) => !dead && wanted.some((one) => one.pid === pid && one.started === started),
      );
    for (const { pid } of living()) signal(pid, 'SIGKILL');
    const begun = clock.now();
    while (living().length > 0) {
      if (clock.now() - begun > LIMIT_MS) throw new FreezeError('a process does not end');
      await pause(clock, PAUSE_MS);
    }
    thaw();
  }

  return {
    freeze,
    kill,
    isFrozen: () => frozen !== undefined,
    broken: () => (frozen === undefined ? undefined : difference(frozen.processes, walk(root))),
    thaw,
  };
}

function stopNew(
  { processes }: Walk,
  known: {
    asked: Map<number, string>;
    stoppedBefore: Set<number> | undefined;
    signal: (pid: number, signal: 'SIGSTOP') => void;
  },
): void {
  for (const { pid, started, stopped, dead } of processes.values()) {
    // Asked again while it goes on: another one's signal to do so takes back the one to stop.
    if (dead || (stopped && known.asked.get(pid) === started)) continue;
    if (stopped) known.stoppedBefore?.add(pid);
    known.asked.set(pid, started);
    // Also one that stands already: the session's own signals to go on may be on their way.
    known.signal(pid, 'SIGSTOP');
  }
}

const isStill = ({ processes, whole }: Walk): boolean =>
  whole && [...processes.values()].every(({ stopped, dead }) => stopped || dead);

const isOnlyStuck = ({ processes }: Walk): boolean =>
  [...processes.values()].some(({ stuck }) => stuck) &&
  [...processes.values()].every(({ stopped, dead, stuck }) => stopped || dead || stuck);

const isSame = (a: Walk, b: Walk): boolean => difference(a.processes, b) === undefined;

/** Names a process that is no longer as it was, for the log. */
function difference(before: ReadonlyMap<number, ProcessState>, { processes, whole }: Walk): string | undefined {
  if (!whole) return 'a process ended';
  for (const one of processes.values()) {
    const was = before.get(one.pid);
    if (was === undefined || was.started !== one.started) return `process ${one.pid} is new`;
    if (was.ran !== one.ran) return `process ${one.pid} ran`;
    if (!one.stopped && !one.dead) return `process ${one.pid} is not stopped`;
  }
  const gone = [...before.keys()].find((pid) => !processes.has(pid));
  return gone === undefined ? undefined : `process ${gone} is gone`;
}

function send(pid: number, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
