import { createStore, type StoreApi } from 'zustand/vanilla';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import type { LogName, LogPosition, PositionedLogLine } from '../../shared/model/log-position.ts';
import type { Timers } from '../transport/timers.ts';
import type { Transport } from '../transport/transport.ts';
import { createLogReader, type LogFilter, NO_FILTER } from './log-reader.ts';
import { AROUND, endsOf, PAGE, withEarlier, withLater } from './shown-part.ts';

/** Milliseconds between two looks at the end of a followed log. */
const FOLLOW_EVERY = 1000;

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
  const reader = createLogReader(transport, log);

  function fail(error: unknown) {
    store.setState({ error: toWireError(error), loading: false });
    schedule();
  }

  async function open() {
    reader.dropOpenQuestions();
    next = undefined;
    cancelFollow();
    const { following, place, filter } = store.getState();
    const from = following ? undefined : place;
    store.setState({ lines: [], loading: true, error: null, atStart: false, atEnd: false, noFailure: false });
    const around = from === undefined ? { before: PAGE, after: 0 } : { from, before: AROUND, after: AROUND };
    const answer = await reader.read(around, filter);
    if (answer === null) return;
    next = answer.next;
    const { lines, positionGone } = answer;
    store.setState({ lines, loading: false, positionGone, ...endsOf(answer, from) });
    schedule();
  }

  /** False when there may be more. */
  async function readOn(): Promise<boolean> {
    if (next === undefined) return true;
    const answer = await reader.read({ from: next, before: 0, after: PAGE }, store.getState().filter);
    if (answer === null) return true;
    next = answer.next;
    const part = withLater(store.getState().lines, answer.lines);
    store.setState({ ...part, error: null });
    return part.atEnd;
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
    const { lines: known, filter } = store.getState();
    const first = known[0];
    if (first === undefined) return;
    const answer = await reader.read({ from: first.position, before: PAGE, after: 0 }, filter);
    if (answer === null) return;
    const { lines, atStart, cut } = withEarlier(store.getState().lines, answer.lines);
    store.setState({ lines, atStart, error: null });
    if (!cut) return;
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
    const known = position ?? (await reader.lastError());
    if (known === undefined) return void store.setState({ noFailure: true });
    store.setState({ place: known, following: false, loading: true });
    await open();
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
      reader.dropOpenQuestions();
      cancelFollow();
    },
  };
}
