import { expect, test } from 'vitest';
import type { Params, Result } from '../../shared/contract/methods.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { PositionedLogLine } from '../../shared/model/log-position.ts';
import { logLines } from '../dev/fixtures.ts';
import type { Transport } from '../transport/transport.ts';
import { excerptOf, splitAtHits } from './excerpt.ts';
import { createLogStore, type LogState, type LogStore } from './log-store.ts';
import { lineAt, MAX_LINES, mergeLines } from './merge.ts';

const LINES = logLines();
const place = (index: number) => ({ log: 'runner' as const, segment: 1, offset: index * 100 });

/** A log of so many lines, read as the core reads it: `before` lines before the place, `after` lines from it on. */
function setUp(options: { position?: ReturnType<typeof place>; count?: number } = {}) {
  const { position, count } = options;
  const lines: PositionedLogLine[] = count === undefined ? [...LINES] : longLog(count);
  const asked: Params<'logs.read'>[] = [];
  const due: (() => void)[] = [];
  const failing = { now: false };
  const transport = {
    subscribe: () => () => {},
    async call(_: 'logs.read', params: Params<'logs.read'>): Promise<Result<'logs.read'>> {
      if (failing.now) throw new PerchError('CORE_UNREACHABLE');
      asked.push(params);
      const from = params.from?.offset ?? lines.length * 100;
      const fits = (line: PositionedLogLine) => params.minLevel !== 'error' || line.level === 'error';
      const earlier = lines.filter((line) => line.position.offset < from && fits(line));
      const later = lines.filter((line) => line.position.offset >= from && fits(line)).slice(0, params.after);
      const end = later.length === params.after ? later.at(-1) : lines.at(-1);
      const next = place((end ? end.position.offset : from) / 100 + 1);
      const before = params.before === 0 ? [] : earlier.slice(-params.before);
      return { lines: [...before, ...later], next: later.length === 0 ? place(from / 100) : next, positionGone: false };
    },
  } as unknown as Transport;
  const timers = {
    now: () => 0,
    after(_: number, callback: () => void) {
      due.push(callback);
      return () => void due.splice(due.indexOf(callback), 1);
    },
  };
  const logs = createLogStore({ transport, timers, log: 'runner', ...(position ? { position } : {}) });
  return { logs, lines, asked, due, failing };
}

function longLog(count: number): PositionedLogLine[] {
  const [first] = LINES;
  if (first === undefined) throw new Error('no line');
  return Array.from({ length: count }, (_, index) => ({ ...first, level: 'info', position: place(index) }));
}

function settled(logs: LogStore, until: (state: LogState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    let off = () => {};
    const check = () => {
      if (!until(logs.store.getState())) return;
      off();
      resolve();
    };
    off = logs.store.subscribe(check);
    check();
  });
}

function changed(logs: LogStore, until: (count: number) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (until(logs.store.getState().lines.length) && !logs.store.getState().loading) resolve();
    };
    logs.store.subscribe(check);
    check();
  });
}

test('opened at a place, it reads around it and does not follow', async () => {
  const { logs, asked, due } = setUp({ position: place(80) });
  await changed(logs, (count) => count === 120);
  expect(asked[0]).toMatchObject({ from: place(80), before: 200, after: 200 });
  expect(logs.store.getState().following).toBe(false);
  expect(due).toEqual([]);
  logs.dispose();
});

test('opened without one, it shows the end and follows it', async () => {
  const { logs, lines, due } = setUp();
  await changed(logs, (count) => count === 120);
  const last = LINES[119];
  if (last) lines.push({ ...last, message: 'new', position: place(120) });
  due[0]?.();
  await changed(logs, (count) => count === 121);
  expect(logs.store.getState().lines.at(-1)?.message).toBe('new');
  logs.dispose();
});

test('a filter is the log’s own business and starts the view again', async () => {
  const { logs, asked } = setUp({ position: place(80) });
  await changed(logs, (count) => count === 120);
  logs.setFilter({ minLevel: 'error', text: '' });
  await changed(logs, (count) => count === 1);
  expect(asked.at(-1)).toMatchObject({ minLevel: 'error' });
  logs.dispose();
});

test('lines come in the order of the log, each once', () => {
  expect(mergeLines(LINES.slice(10, 20), LINES.slice(5, 15))).toEqual(LINES.slice(5, 20));
  expect(mergeLines(LINES.slice(0, 10), LINES.slice(10, 12))).toEqual(LINES.slice(0, 12));
});

test('a place whose line is hidden leads to the next one', () => {
  expect(lineAt(LINES.slice(50), place(10))).toBe(LINES[50]);
  expect(lineAt(LINES, place(500))).toBeUndefined();
});

test('however far one reads back and on, a bounded part of the log is held', async () => {
  const { logs } = setUp({ count: 20_000, position: place(19_000) });
  const state = () => logs.store.getState();
  await settled(logs, ({ loading }) => !loading);
  const first = () => state().lines[0]?.position.offset ?? 0;
  for (let earlier = first(); earlier > 100_000; earlier = first()) {
    logs.loadEarlier();
    await settled(logs, () => first() < earlier);
    expect(state().lines.length).toBeLessThanOrEqual(MAX_LINES);
  }
  expect(state().atEnd).toBe(false);
  const last = () => state().lines.at(-1)?.position.offset ?? 0;
  for (let later = last(); later < 1_900_000; later = last()) {
    logs.loadLater();
    await settled(logs, () => last() > later);
    expect(state().lines.length).toBeLessThanOrEqual(MAX_LINES);
    const offsets = state().lines.map(({ position }) => position.offset);
    expect(offsets.every((offset, index) => index === 0 || offset === (offsets[index - 1] ?? 0) + 100)).toBe(true);
  }
  expect(state().atStart).toBe(false);
  logs.dispose();
});

test('a log that is followed again after a look back shows its end', async () => {
  const { logs } = setUp({ count: 3000, position: place(100) });
  await settled(logs, ({ loading }) => !loading);
  expect(logs.store.getState()).toMatchObject({ atStart: true, atEnd: false, following: false });
  logs.setFollowing(true);
  await settled(logs, ({ lines }) => lines.at(-1)?.position.offset === 299_900);
  expect(logs.store.getState().atEnd).toBe(true);
  logs.dispose();
});

test('the last error is found, with every line around it, whatever the filter was', async () => {
  const { logs } = setUp();
  await settled(logs, ({ loading }) => !loading);
  logs.setFilter({ minLevel: 'info', text: 'x' });
  logs.showFailure();
  await settled(logs, ({ place: shown, loading }) => shown !== undefined && !loading);
  const { place: shown, filter, following, lines } = logs.store.getState();
  expect(shown).toEqual(place(80));
  expect(filter.text).toBe('');
  expect(following).toBe(false);
  expect(lines).toHaveLength(120);
  logs.dispose();
});

test('a log without an error says so', async () => {
  const { logs } = setUp({ count: 10 });
  await settled(logs, ({ loading }) => !loading);
  logs.showFailure();
  await settled(logs, ({ noFailure }) => noFailure);
  logs.dispose();
});

test('a failure to read is told, and the next look takes it back', async () => {
  const { logs, due, failing } = setUp();
  await settled(logs, ({ loading }) => !loading);
  failing.now = true;
  due[0]?.();
  await settled(logs, ({ error }) => error?.code === 'CORE_UNREACHABLE');
  failing.now = false;
  due.at(-1)?.();
  await settled(logs, ({ error }) => error === null);
  logs.dispose();
});

test('what is copied is around the failing line, else the newest', () => {
  expect(excerptOf(LINES, LINES[80]).split('\n')).toHaveLength(51);
  expect(excerptOf(LINES, undefined).split('\n')).toHaveLength(120);
  expect(excerptOf(LINES, LINES[2]).split('\n')).toHaveLength(28);
});

test.each([
  ['Error: an error', 'ERROR', ['', 'Error', ': an ', 'error', '']],
  ['nothing', 'x', ['nothing']],
  ['whole', '', ['whole']],
  ['İstanbul error', 'error', ['İstanbul error']],
])('%s is split where %s is found', (text, wanted, pieces) => {
  expect(splitAtHits(text, wanted)).toEqual(pieces);
});
