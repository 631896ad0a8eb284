import { expect, test } from 'vitest';
import type { Params, Result } from '../../shared/contract/methods.ts';
import type { PositionedLogLine } from '../../shared/model/log-position.ts';
import { logLines } from '../dev/fixtures.ts';
import type { Transport } from '../transport/transport.ts';
import { createLogStore, type LogStore } from './log-store.ts';
import { lineAt, mergeLines } from './merge.ts';

const LINES = logLines();
const place = (index: number) => ({ log: 'runner' as const, segment: 1, offset: index * 100 });

/** A log that is read as the core reads it: `before` lines before the place, `after` lines from it on. */
function setUp(position?: ReturnType<typeof place>) {
  const lines: PositionedLogLine[] = [...LINES];
  const asked: Params<'logs.read'>[] = [];
  const due: (() => void)[] = [];
  const transport = {
    subscribe: () => () => {},
    async call(_: 'logs.read', params: Params<'logs.read'>): Promise<Result<'logs.read'>> {
      asked.push(params);
      const from = params.from?.offset ?? lines.length * 100;
      const index = lines.filter((line) => line.position.offset < from).length;
      const found = lines.slice(Math.max(0, index - params.before), index + params.after);
      const matching = found.filter((line) => params.minLevel !== 'error' || line.level === 'error');
      return { lines: matching, next: place(Math.min(lines.length, index + params.after)), positionGone: false };
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
  return { logs, lines, asked, due };
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
  const { logs, asked, due } = setUp(place(80));
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
  const { logs, asked } = setUp(place(80));
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
