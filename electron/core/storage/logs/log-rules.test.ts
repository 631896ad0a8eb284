import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LogLine, type LogName, type LogPosition, logLineSchema } from '../../../../shared/model/log-position.ts';
import { GENERAL_SHAPES } from '../../../../shared/redaction/general-shapes.ts';
import { createRedactor } from '../../../../shared/redaction/redactor.ts';
import { createLogStore, DEFAULT_LOG_LIMITS, type LogLimits } from './log-store.ts';

/** What holds for every log, whatever is written to it and however often it rotates. */
const session = (index: number): LogName => `session:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const LOGS: readonly LogName[] = ['runner', 'core', ...Array.from({ length: 12 }, (_, index) => session(index))];
const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perch-log-rules-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(limits: Partial<LogLimits>, folder = dir) {
  return createLogStore({
    dir: folder,
    clock: { now: () => 0, after: () => () => {} },
    redact: createRedactor({ shapes: GENERAL_SHAPES }).redact,
    onWriteFailure(error) {
      throw error;
    },
    ...limits,
  });
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
const bytesOf = (folder: string) => filesOf(folder).reduce((sum, file) => sum + statSync(file).size, 0);

test('a position is its line for as long as its segment is there, and is told to be gone after that', () => {
  const writes = fc.array(
    fc.record({
      log: fc.constantFrom(...LOGS),
      message: fc.string({ unit: 'binary', maxLength: 120 }),
      again: fc.boolean(),
    }),
    { minLength: 20, maxLength: 80 },
  );
  fc.assert(
    fc.property(writes, (lines) => {
      const folder = mkdtempSync(join(dir, 'run-'));
      const limits = { maxSegmentBytes: 400, maxSegments: 3, maxSessionLogs: 100 };
      let store = open(limits, folder);
      const written: { position: LogPosition; message: string }[] = [];
      for (const { log, message, again } of lines) {
        written.push({ position: store.writer(log).write({ level: 'error', source: 'x', message }), message });
        if (!again) continue;
        store.close();
        store = open(limits, folder);
      }
      for (const { position, message } of written) {
        const { lines: found, positionGone } = store.read({ log: position.log, from: position, before: 0, after: 1 });
        if (!positionGone) expect(found[0]).toMatchObject({ position, message: createdAs(message) });
      }
      const last = new Map(written.map((one) => [one.position.log, one]));
      for (const { position } of last.values()) {
        expect(store.read({ log: position.log, from: position, before: 0, after: 1 }).positionGone).toBe(false);
      }
      store.close();
    }),
    { numRuns: 12 },
  );
});

/** What JSON makes of half a character is not ours to judge. */
const createdAs = (message: string): string => JSON.parse(JSON.stringify(message)) as string;

test('all logs together have a bound on the disk, whoever writes how much', () => {
  const limits = { maxSegmentBytes: 2000, maxSegments: 3, maxSessionLogs: 6, maxSessionBytes: 12_000 };
  const store = open(limits);
  const perLog = limits.maxSegmentBytes * limits.maxSegments;
  // The runner's and the core's; the sessions'; and those of sessions whose files are held open, which stay for now.
  const bound = 2 * perLog + limits.maxSessionBytes + 8 * perLog;
  for (let round = 0; round < 40; round++) {
    for (const log of [...LOGS, session(100 + round)]) {
      store.writer(log).write({ level: 'info', source: 'x', message: 'y'.repeat(50 + ((round * 37) % 900)) });
    }
    expect(bytesOf(dir)).toBeLessThanOrEqual(bound);
  }
  store.close();
});

test('as shipped, that bound is below 200 MB, and a line is far below a segment', () => {
  const { maxSegmentBytes, maxSegments, maxSessionBytes } = DEFAULT_LOG_LIMITS;
  const perLog = maxSegmentBytes * maxSegments;
  expect(2 * perLog + maxSessionBytes + 8 * perLog).toBeLessThan(200 * 1024 * 1024);
  const store = open({});
  store.writer('core').write({ level: 'info', source: 's'.repeat(1_000_000), message: '\u0001'.repeat(1_000_000) });
  expect(bytesOf(dir)).toBeLessThan(maxSegmentBytes / 10);
  store.close();
});

test('every line on the disk is a whole object of the schema, in a file and a folder closed to others, without secrets', () => {
  const store = open({ maxSegmentBytes: 1500, maxSessionLogs: 50 });
  for (let index = 0; index < 200; index++) {
    const log = LOGS[index % LOGS.length] ?? 'core';
    const message = `line ${index}\r\n\u2028 Authorization: Bearer ${SECRET} {"broken": `;
    store.writer(log).write({ level: 'warn', source: `src-${SECRET}`, message, turnId: 'turn' });
  }
  store.close();
  const lines: LogLine[] = [];
  for (const file of filesOf(dir)) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toContain(SECRET);
    for (const line of text.trimEnd().split('\n')) lines.push(logLineSchema.parse(JSON.parse(line)));
  }
  expect(lines).toHaveLength(200);
});

test('each session has a log of its own, and so have the runner and the core', () => {
  const store = open({ maxSessionLogs: 50 });
  for (const log of LOGS) store.writer(log).write({ level: 'info', source: 'x', message: `of ${log}` });
  for (const log of LOGS) expect(store.lastLines(log, 9).map(({ message }) => message)).toEqual([`of ${log}`]);
  expect(new Set(LOGS.map((log) => store.file(log))).size).toBe(LOGS.length);
  store.remove(session(3));
  expect(store.list().map(({ log }) => log)).not.toContain(session(3));
  store.close();
});
