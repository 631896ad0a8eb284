import { defined } from '../../shared/defined.ts';
import type { SupervisorEvent } from '../../shared/model/connection-state.ts';

/** A start of the runner, as the supervisor's timeline records it. */
export interface Attempt {
  readonly startedAt: number;
  readonly pid?: number;
  readonly readyAt?: number;
  readonly endedAt?: number;
  /** The runner was ended because it did not respond. */
  readonly unresponsive?: boolean;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Milliseconds that were waited before the next one. */
  readonly waitedMs?: number;
}

/** Newest first, at most ten, since the count was last reset by hand. `until`: only those that had begun by then. */
export function attemptsOf(events: readonly SupervisorEvent[], until = Number.POSITIVE_INFINITY): Attempt[] {
  const told = events.filter(({ at }) => at <= until);
  const since = told.slice(told.findLastIndex(({ kind }) => kind === 'reset') + 1);
  return since.reduce(follow, []).slice(0, 10);
}

function follow(attempts: Attempt[], event: SupervisorEvent): Attempt[] {
  const { at, kind, pid, exitCode, signal, delayMs } = event;
  if (kind === 'started') return [{ startedAt: at, ...defined({ pid }) }, ...attempts];
  const [current, ...earlier] = attempts;
  if (current === undefined) return attempts;
  switch (kind) {
    case 'ready':
      return [{ ...current, readyAt: at }, ...earlier];
    case 'unresponsive':
      return [{ ...current, unresponsive: true }, ...earlier];
    case 'exited': {
      const exit = defined({ exitCode, signal });
      return [{ ...current, endedAt: at, ...exit }, ...earlier];
    }
    case 'backoff':
      return [{ ...current, ...defined({ waitedMs: delayMs }) }, ...earlier];
    default:
      return attempts;
  }
}

/** The key of why it ended; of one that runs, how far it is. */
export function causeKey({ readyAt, endedAt, unresponsive }: Attempt): string {
  if (unresponsive) return 'timeline.unresponsive';
  if (endedAt === undefined) return readyAt === undefined ? 'timeline.started' : 'timeline.ready';
  return readyAt === undefined ? 'attempt.notReady' : 'timeline.exited';
}
