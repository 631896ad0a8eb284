import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogName } from '../../../../shared/model/log-position.ts';
import { createLogStore, type LogStore, type LogStoreOptions } from './log-store.ts';

const SESSION: LogName = 'session:8b7d4c1e-3f60-4a3e-9a55-0d3a3a1c7b10';
const session = (index: number): LogName => `session:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
let folder: string;
let dir: string;
let now: number;
let failures: { error: unknown; log: LogName }[];
let stores: LogStore[];

function open(options: Partial<LogStoreOptions> = {}): LogStore {
  const store = createLogStore({
    dir,
    clock: { now: () => now, after: () => () => {} },
    redact: (text) => text.replaceAll('sk-secret', '•••'),
    onWriteFailure: (error, log) => failures.push({ error, log }),
    ...options,
  });
  stores.push(store);
  return store;
}
const say = (store: LogStore, message: string, log: LogName = 'runner') =>
  store.writer(log).write({ level: 'info', source: 'test', message });
const messages = (lines: readonly { message: string }[]) => lines.map(({ message }) => message);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-logs-'));
  dir = join(folder, 'logs');
  now = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  failures = [];
  stores = [];
});
afterEach(() => {
  for (const store of stores) store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a line is on the disk when write returns, redacted, one JSON object a line, closed to other users', () => {
  const store = open();
  const position = store.writer('runner').write({
    level: 'error',
    source: 'agent.stderr',
    message: 'first\nsecond sk-secret',
    turnId: 'turn-1',
  });
  expect(position).toEqual({ log: 'runner', segment: 1, offset: 0 });
  const file = join(dir, 'runner', '000001.log');
  expect(readFileSync(file, 'utf8')).toBe(
    '{"time":"2026-01-02T03:04:05.006Z","level":"error","source":"agent.stderr","message":"first\\nsecond •••","turnId":"turn-1"}\n',
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'runner')).mode & 0o777).toBe(0o700);
  expect(store.file('runner')).toBe(file);
  expect(failures).toEqual([]);
});

test('a secret that the cut of a long message would halve is masked before', () => {
  const store = open();
  say(store, `${'x'.repeat(7996)}sk-secret${'y'.repeat(5000)}`);
  const [line] = store.lastLines('runner', 1);
  expect(line?.message).not.toContain('sk-s');
  expect(line?.message).toMatch(/ … \[4999 more characters were cut\]$/);
});

test('positions stay valid across rotation, until retention takes their segment', () => {
  const store = open({ maxSegmentBytes: 300, maxSegments: 3 });
  const positions = Array.from({ length: 8 }, (_, index) => say(store, `line ${index}`));
  const segments = positions.map(({ segment }) => segment);
  expect(new Set(segments).size).toBeGreaterThan(2);
  const last = positions[7];
  const kept = positions.filter(({ segment }) => segment > (last?.segment ?? 0) - 3);
  for (const position of kept) {
    const index = positions.indexOf(position);
    const found = store.read({ log: 'runner', from: position, before: 0, after: 1 });
    expect(messages(found.lines)).toEqual([`line ${index}`]);
    expect(found.lines[0]?.position).toEqual(position);
    expect(found.positionGone).toBe(false);
  }
  expect(readdirSync(join(dir, 'runner')).length).toBeLessThanOrEqual(3);
});

test('a position whose segment is gone says so and gives the oldest lines that are left', () => {
  const store = open({ maxSegmentBytes: 100, maxSegments: 2 });
  const first = say(store, 'line 0');
  for (let index = 1; index < 6; index++) say(store, `line ${index}`);
  const { lines, positionGone, next } = store.read({ log: 'runner', from: first, before: 5, after: 5 });
  expect(positionGone).toBe(true);
  expect(messages(lines)).toEqual(['line 4', 'line 5']);
  say(store, 'line 6');
  expect(messages(store.read({ log: 'runner', from: next, before: 0, after: 9 }).lines)).toEqual(['line 6']);
});

test('numbers go on after a restart and never start anew', () => {
  const first = open({ maxSegmentBytes: 100 });
  say(first, 'a');
  say(first, 'b');
  first.close();
  const second = open({ maxSegmentBytes: 100 });
  expect(say(second, 'c')).toEqual({ log: 'runner', segment: 3, offset: 0 });
});

test('reading around a place, and following from where it ended, across segments', () => {
  const store = open({ maxSegmentBytes: 250, maxSegments: 50 });
  const positions = Array.from({ length: 20 }, (_, index) => say(store, `line ${index}`));
  const middle = positions[10];
  if (middle === undefined) throw new Error('no position');
  const around = store.read({ log: 'runner', from: middle, before: 3, after: 2 });
  expect(messages(around.lines)).toEqual(['line 7', 'line 8', 'line 9', 'line 10', 'line 11']);
  expect(around.lines[0]?.position).toEqual(positions[7]);

  const inside = { ...middle, offset: middle.offset + 5 };
  expect(messages(store.read({ log: 'runner', from: inside, before: 1, after: 1 }).lines)).toEqual([
    'line 9',
    'line 10',
  ]);

  const rest = store.read({ log: 'runner', from: around.next, before: 0, after: 1000 });
  expect(messages(rest.lines)).toEqual(Array.from({ length: 8 }, (_, index) => `line ${index + 12}`));
  expect(store.read({ log: 'runner', from: rest.next, before: 0, after: 10 }).lines).toEqual([]);
  say(store, 'new');
  expect(messages(store.read({ log: 'runner', from: rest.next, before: 0, after: 10 }).lines)).toEqual(['new']);

  const end = store.read({ log: 'runner', before: 2, after: 5 });
  expect(messages(end.lines)).toEqual(['line 19', 'new']);
});

test('a level and a text in any case choose the lines that are given and counted', () => {
  const store = open();
  for (let index = 0; index < 10; index++) {
    const level = index % 2 === 0 ? 'error' : 'debug';
    store
      .writer('runner')
      .write({ level, source: 'acp', message: index % 4 === 0 ? `Broken ${index}` : `fine ${index}` });
  }
  const errors = store.read({ log: 'runner', before: 2, after: 0, minLevel: 'warn' });
  expect(messages(errors.lines)).toEqual(['fine 6', 'Broken 8']);
  const start = { log: 'runner', segment: 1, offset: 0 } as const;
  const broken = store.read({ log: 'runner', from: start, before: 0, after: 2, text: 'bROKEN' });
  expect(messages(broken.lines)).toEqual(['Broken 0', 'Broken 4']);
  expect(messages(store.read({ log: 'runner', from: broken.next, before: 0, after: 2, text: 'broken' }).lines)).toEqual(
    ['Broken 8'],
  );
});

test('a time chooses the lines of it and later', () => {
  const store = open();
  for (const time of [1000, 2000, 3000]) {
    now = time;
    say(store, `at ${time}`);
  }
  const read = (since: number) => messages(store.read({ log: 'runner', before: 9, after: 9, since }).lines);
  expect(read(2000)).toEqual(['at 2000', 'at 3000']);
  expect(read(3001)).toEqual([]);
});

test('broken lines are shown as such, and a torn one spoils only itself', () => {
  const first = open();
  say(first, 'whole');
  first.close();
  const file = join(dir, 'runner', '000001.log');
  appendFileSync(file, 'not json\n{"level":"loud"}\n{"time":"torn');
  const second = open();
  expect(second.read({ log: 'runner', before: 10, after: 0 }).lines).toHaveLength(3);
  say(second, 'after');
  const { lines } = second.read({ log: 'runner', before: 10, after: 0 });
  expect(messages(lines)).toEqual([
    'whole',
    '[unreadable line] not json',
    '[unreadable line] {"level":"loud"}',
    '[unreadable line] {"time":"torn',
    'after',
  ]);
  expect(lines[1]).toMatchObject({ level: 'warn', source: 'log' });
});

test('lines over the size of a block, and foreign ones without end, are read in both directions', () => {
  const store = open({ maxSegmentBytes: 10_000_000 });
  say(store, 'before');
  store.close();
  appendFileSync(join(dir, 'runner', '000001.log'), `${'z'.repeat(300_000)}\n`);
  say(store, 'after');
  for (let index = 0; index < 2000; index++) say(store, `${index} ${'é'.repeat(index % 200)}`);
  const all = store.read({ log: 'runner', from: { log: 'runner', segment: 1, offset: 0 }, before: 0, after: 1000 });
  expect(all.lines[0]?.message).toBe('before');
  expect(all.lines[1]?.message).toMatch(/^\[unreadable line\] z+ … \[\d+ more characters were cut\]$/);
  expect(all.lines[2]?.message).toBe('after');
  const backwards = store.read({ log: 'runner', from: all.next, before: 1000, after: 0 });
  expect(backwards.lines).toEqual(all.lines);
});

test('a disk that is full takes no application down, and gets the lines when it has room', () => {
  mkdirSync(join(dir, 'runner'), { recursive: true });
  const file = join(dir, 'runner', '000001.log');
  symlinkSync('/dev/full', file);
  const store = open();
  say(store, 'one sk-secret');
  say(store, 'two');
  expect(failures).toEqual([{ error: expect.objectContaining({ code: 'ENOSPC' }), log: 'runner' }]);
  expect(messages(store.lastLines('runner', 5))).toEqual(['one •••', 'two']);

  rmSync(file);
  say(store, 'three');
  expect(messages(store.read({ log: 'runner', before: 5, after: 0 }).lines)).toEqual(['one •••', 'two', 'three']);
  expect(failures).toHaveLength(1);
});

test('a line that the disk took half of is taken back', () => {
  // A limit on the size of files, in a process of its own: the write that crosses it is a partial one.
  const program = `
    import { createLogStore } from ${JSON.stringify(new URL('./log-store.ts', import.meta.url).href)};
    process.on('SIGXFSZ', () => {});
    const failures = [];
    const store = createLogStore({
      dir: ${JSON.stringify(dir)},
      clock: { now: () => 0, after: () => () => {} },
      redact: (text) => text,
      onWriteFailure: (error) => failures.push(error.code),
    });
    const write = (message) => store.writer('runner').write({ level: 'info', source: 'test', message });
    for (let index = 0; index < 40; index++) write('line ' + index);
    process.stdout.write(JSON.stringify({ failures, last: store.lastLines('runner', 1)[0].message }));
  `;
  const limited = ['-c', 'ulimit -f 1 && exec "$0" --input-type=module -e "$1"', process.execPath, program];
  const { stdout, stderr } = spawnSync('bash', limited, { encoding: 'utf8', timeout: 15_000 });
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({ failures: ['EFBIG'], last: 'line 39' });
  const text = readFileSync(join(dir, 'runner', '000001.log'), 'utf8');
  expect(text.length).toBeGreaterThan(900);
  expect(text.endsWith('}\n')).toBe(true);
});

test('many logs hold few files open', () => {
  const openFiles = () => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  const store = open();
  for (let index = 0; index < 30; index++) say(store, 'x', session(index));
  expect(openFiles()).toBeLessThanOrEqual(before + 8);
  store.close();
  expect(openFiles()).toBe(before);
});

test('memory for unwritten lines has a limit, and what was dropped is said', () => {
  mkdirSync(dir);
  const inTheWay = join(dir, 'runner');
  writeFileSync(inTheWay, '');
  const store = open({ maxUnwrittenChars: 500 });
  for (let index = 0; index < 20; index++) say(store, `line ${index}`);
  expect(failures).toHaveLength(1);
  expect(messages(store.lastLines('runner', 99)).at(-1)).toBe('line 19');
  expect(store.lastLines('runner', 99).length).toBeLessThan(8);
  rmSync(inTheWay);
  say(store, 'line 20');
  const { lines } = store.read({ log: 'runner', before: 50, after: 0 });
  expect(lines[0]?.message).toMatch(/^1\d lines were lost here/);
  expect(lines.at(-1)?.message).toBe('line 20');
});

test('old session logs make room for new ones, by count and by bytes', () => {
  const store = open({ maxSessionLogs: 3 });
  const age = (log: LogName, seconds: number) => utimesSync(store.file(log), seconds, seconds);
  for (let index = 0; index < 20; index++) {
    say(store, 'x', session(index));
    age(session(index), 1000 + index);
  }
  // Those that are held open stay: a few more than the limit, until the next start.
  expect(store.list().length).toBeLessThanOrEqual(9);
  store.close();
  const again = open({ maxSessionLogs: 3 });
  say(again, 'x', session(50));
  expect(again.list().map(({ log }) => log)).toEqual([session(50), session(19), session(18)]);
  age(session(50), 2000);
  again.close();
  const small = open({ maxSessionBytes: 150 });
  say(small, 'x', session(51));
  expect(small.list().map(({ log }) => log)).toEqual([session(51)]);
});

test('a session without a log is not found; runner and core simply have nothing yet', () => {
  const store = open();
  const notFound = expect.objectContaining({ code: 'LOG_NOT_FOUND', values: { log: SESSION } });
  expect(() => store.read({ log: SESSION, before: 1, after: 1 })).toThrowError(notFound);
  expect(() => store.file(SESSION)).toThrowError(notFound);
  expect(store.lastLines(SESSION, 3)).toEqual([]);
  const empty = store.read({ log: 'core', before: 1, after: 1 });
  expect(store.file('core')).toBe(join(dir, 'core', '000001.log'));
  expect(empty).toEqual({ lines: [], next: { log: 'core', segment: 1, offset: 0 }, positionGone: false });
  say(store, 'first', 'core');
  expect(messages(store.read({ log: 'core', from: empty.next, before: 0, after: 5 }).lines)).toEqual(['first']);
});

test('a position of another log is refused', () => {
  const store = open();
  const position = say(store, 'x', SESSION);
  expect(() => store.read({ log: 'runner', from: position, before: 0, after: 1 })).toThrowError(
    expect.objectContaining({ code: 'INVALID_PARAMS' }),
  );
});

test('the list names the logs and their sizes, and nothing else that lies there', () => {
  const store = open();
  say(store, 'x', SESSION);
  say(store, 'x', 'core');
  mkdirSync(join(dir, 'elsewhere'));
  writeFileSync(join(dir, 'core', 'notes.txt'), 'x'.repeat(1000));
  const list = store.list();
  expect(list.map(({ log }) => log).sort()).toEqual(['core', SESSION]);
  for (const { log, bytes } of list) expect(bytes).toBe(statSync(store.file(log)).size);
});
