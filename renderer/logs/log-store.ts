import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Params, Result } from '../../shared/contract/methods.ts';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import type { LogLevel, LogName, LogPosition, PositionedLogLine } from '../../shared/model/log-position.ts';
import type { Timers } from '../transport/timers.ts';
import type { Transport } from '../transport/transport.ts';
import { MAX_LINES, mergeLines } from './merge.ts';

const AROUND = 200;
const PAGE = 500;
/** Milliseconds between two looks at the end of a followed log. */
const FOLLOW_EVERY = 1000;

export interface LogFilter {
  readonly minLevel: LogLevel;
  readonly text: string;
}

export interface LogState {
  readonly lines: readonly PositionedLogLine[];
  readonly filter: LogFilter;
  readonly following: boolean;
  readonly loading: boolean;
  /** Retention deleted the place that was asked for. */
  readonly positionGone: boolean;
  /** Nothing older is left. */
  readonly atStart: boolean;
  readonly error: WireError | null;
}

export interface LogStore {
  readonly store: StoreApi<LogState>;
  setFilter(filter: LogFilter): void;
  setFollowing(following: boolean): void;
  loadEarlier(): void;
  dispose(): void;
}

export interface LogDependencies {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly log: LogName;
  /** Where to open it; absent: at its end, followed. */
  readonly position?: LogPosition;
}

/** What a log view shows: lines around a place, more on request, and the end as it grows. */
export function createLogStore({ transport, timers, log, position }: LogDependencies): LogStore {
  const store = createStore<LogState>(() => ({
    lines: [],
    filter: { minLevel: 'debug', text: '' },
    following: position === undefined,
    loading: true,
    positionGone: false,
    atStart: false,
    error: null,
  }));
  let next: LogPosition | undefined;
  let cancelFollow = () => {};
  let disposed = false;
  /** Answers to questions that were asked with another filter, or before the end of the view, are dropped. */
  let generation = 0;

  async function read(
    where: Pick<Params<'logs.read'>, 'from' | 'before' | 'after'>,
  ): Promise<Result<'logs.read'> | null> {
    const asked = generation;
    const { minLevel, text } = store.getState().filter;
    const answer = await transport.call('logs.read', {
      log,
      ...where,
      ...(minLevel === 'debug' ? {} : { minLevel }),
      ...(text === '' ? {} : { text }),
    });
    return asked === generation ? answer : null;
  }

  function fail(error: unknown) {
    store.setState({ error: toWireError(error), loading: false });
  }

  async function open() {
    generation += 1;
    store.setState({ lines: [], loading: true, error: null, atStart: false });
    const answer = await read(
      position === undefined ? { before: PAGE, after: 0 } : { from: position, before: AROUND, after: AROUND },
    );
    if (answer === null) return;
    next = answer.next;
    store.setState({ lines: answer.lines, loading: false, positionGone: answer.positionGone });
    schedule();
  }

  async function readOn() {
    if (next === undefined) return;
    const answer = await read({ from: next, before: 0, after: PAGE });
    if (answer === null) return;
    next = answer.next;
    const merged = mergeLines(store.getState().lines, answer.lines);
    store.setState({ lines: merged.slice(-MAX_LINES), error: null });
  }

  function schedule() {
    cancelFollow();
    if (disposed || !store.getState().following) return;
    cancelFollow = timers.after(FOLLOW_EVERY, () => {
      readOn().catch(fail).then(schedule);
    });
  }

  async function earlier() {
    const first = store.getState().lines[0];
    if (first === undefined) return;
    const answer = await read({ from: first.position, before: PAGE, after: 0 });
    if (answer === null) return;
    const merged = mergeLines(store.getState().lines, answer.lines);
    store.setState((state) => ({ lines: merged, atStart: merged.length === state.lines.length }));
  }

  open().catch(fail);
  return {
    store,
    setFilter(filter) {
      store.setState({ filter });
      open().catch(fail);
    },
    setFollowing(following) {
      store.setState({ following });
      if (following) readOn().catch(fail).then(schedule);
      else cancelFollow();
    },
    loadEarlier: () => void earlier().catch(fail),
    dispose() {
      disposed = true;
      generation += 1;
      cancelFollow();
    },
  };
}
