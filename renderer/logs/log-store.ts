import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Params, Result } from '../../shared/contract/methods.ts';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import type { LogLevel, LogName, LogPosition, PositionedLogLine } from '../../shared/model/log-position.ts';
import type { Timers } from '../transport/timers.ts';
import type { Transport } from '../transport/transport.ts';
import { comparePositions, MAX_LINES, mergeLines } from './merge.ts';

const AROUND = 200;
const PAGE = 500;
/** Milliseconds between two looks at the end of a followed log. */
const FOLLOW_EVERY = 1000;

interface LogFilter {
  readonly minLevel: LogLevel;
  readonly text: string;
}

/** Debug lines are for readers who ask for them: an agent's chatter would bury everything else. */
export const NO_FILTER: LogFilter = { minLevel: 'info', text: '' };

export interface LogState {
  /** At most MAX_LINES in a row: a window that moves over the log. */
  readonly lines: readonly PositionedLogLine[];
  readonly filter: LogFilter;
  readonly following: boolean;
  readonly loading: boolean;
  /** The place that is shown and marked. */
  readonly place: LogPosition | undefined;
  /** Retention deleted the place that was asked for. */
  readonly positionGone: boolean;
  /** The log was searched for an error and has none. */
  readonly noFailure: boolean;
  /** No older line is left. */
  readonly atStart: boolean;
  /** No newer line was there at the last look. */
  readonly atEnd: boolean;
  readonly error: WireError | null;
}

export interface LogStore {
  readonly store: StoreApi<LogState>;
  setFilter(filter: LogFilter): void;
  setFollowing(following: boolean): void;
  loadEarlier(): void;
  loadLater(): void;
  /** Goes to the place that failed; without one, to the last error of the log. Every line is shown again. */
  showFailure(): void;
  /** Reads anew what a failure kept from being read. */
  reload(): void;
  dispose(): void;
}

interface LogDependencies {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly log: LogName;
  /** Where to open it; absent: at its end, followed. */
  readonly position?: LogPosition;
}

/** The lines of a log view: those around a position, more on request, and the end as it grows. */
export function createLogStore({ transport, timers, log, position }: LogDependencies): LogStore {
  const store = createStore<LogState>(() => ({
    lines: [],
    filter: NO_FILTER,
    following: position === undefined,
    loading: true,
    place: position,
    positionGone: false,
    noFailure: false,
    atStart: false,
    atEnd: false,
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
    schedule();
  }

  async function open() {
    generation += 1;
    next = undefined;
    cancelFollow();
    const { following, place } = store.getState();
    const from = following ? undefined : place;
    store.setState({ lines: [], loading: true, error: null, atStart: false, atEnd: false, noFailure: false });
    const answer = await read(
      from === undefined ? { before: PAGE, after: 0 } : { from, before: AROUND, after: AROUND },
    );
    if (answer === null) return;
    next = answer.next;
    const { lines, positionGone } = answer;
    store.setState({ lines, loading: false, positionGone, ...endsOf(answer, from) });
    schedule();
  }

  /** False when there may be more. */
  async function readOn(): Promise<boolean> {
    if (next === undefined) return true;
    const answer = await read({ from: next, before: 0, after: PAGE });
    if (answer === null) return true;
    next = answer.next;
    const merged = mergeLines(store.getState().lines, answer.lines);
    const atEnd = answer.lines.length < PAGE;
    const cut = merged.length > MAX_LINES;
    store.setState({ lines: merged.slice(-MAX_LINES), error: null, atEnd, ...(cut ? { atStart: false } : {}) });
    return atEnd;
  }

  /** A log that could not be opened is opened. */
  async function catchUp() {
    if (next === undefined) await open();
    else while (!(await readOn()));
  }

  function schedule() {
    cancelFollow();
    if (disposed || !store.getState().following) return;
    cancelFollow = timers.after(FOLLOW_EVERY, () => {
      catchUp().then(schedule, fail);
    });
  }

  async function earlier() {
    const first = store.getState().lines[0];
    if (first === undefined) return;
    const answer = await read({ from: first.position, before: PAGE, after: 0 });
    if (answer === null) return;
    const merged = mergeLines(store.getState().lines, answer.lines);
    const lines = merged.slice(0, MAX_LINES);
    store.setState({ lines, atStart: answer.lines.length < PAGE, error: null });
    if (lines.length === merged.length) return;
    // The newest lines made room: from there on it is read again.
    next = lines.at(-1)?.position;
    store.setState({ atEnd: false });
    setFollowing(false);
  }

  function setFollowing(following: boolean) {
    store.setState({ following });
    if (!following) cancelFollow();
    else if (store.getState().atEnd) catchUp().then(schedule, fail);
    else open().catch(fail);
  }

  async function failure() {
    store.setState({ filter: NO_FILTER });
    const known = position ?? (await lastError());
    if (known === undefined) return void store.setState({ noFailure: true });
    store.setState({ place: known, following: false, loading: true });
    await open();
  }

  async function lastError(): Promise<LogPosition | undefined> {
    const { lines } = await transport.call('logs.read', { log, before: 1, after: 0, minLevel: 'error' });
    return lines[0]?.position;
  }

  open().catch(fail);
  return {
    store,
    setFilter(filter) {
      store.setState({ filter });
      open().catch(fail);
    },
    setFollowing,
    loadEarlier: () => void earlier().catch(fail),
    loadLater: () => void readOn().catch(fail),
    showFailure: () => void failure().catch(fail),
    reload: () => void open().catch(fail),
    dispose() {
      disposed = true;
      generation += 1;
      cancelFollow();
    },
  };
}

/** Fewer lines than asked for, on one side of a place, are all there are on that side. */
function endsOf({ lines, positionGone }: Result<'logs.read'>, from: LogPosition | undefined) {
  if (from === undefined) return { atStart: lines.length < PAGE, atEnd: true };
  const before = lines.filter(({ position }) => comparePositions(position, from) < 0).length;
  return { atStart: positionGone || before < AROUND, atEnd: lines.length - before < AROUND };
}
