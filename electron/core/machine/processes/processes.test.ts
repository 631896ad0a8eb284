import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../node/clock.ts';
import { createManualClock } from '../../runner-host/testing/manual-clock.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createLinuxTable } from './linux-table.ts';
import { createPsTable } from './ps-table.ts';
import { createRecordStore, type RecordStore } from './record-store.ts';
import { createProcessRecords } from './records.ts';
import { familyOf, type ProcessFact, type ProcessTable } from './table.ts';

const WAIT = 60_000;
const table = createLinuxTable();
let folder: string;
let database: Database;
let store: RecordStore;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-processes-'));
  const random = { uuid: () => 'installation', fraction: () => 0 };
  database = openDatabase({ file: join(folder, 'perch.db'), clock: systemClock, random });
  store = createRecordStore(database);
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const records = (over: { table?: ProcessTable | undefined } = { table }) =>
  createProcessRecords({ store, table: over.table, clock: systemClock });

const end = (over?: Parameters<typeof records>[0]) => records(over).end(store.list(), 0);

/** The script writes the number of each of its processes on a line, itself last, once it runs. */
async function start(script: string): Promise<{ child: ChildProcess; pid: number; pids: number[] }> {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  started.push(child);
  const { pid = 0 } = child;
  let said = '';
  for await (const text of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    said += text;
    if (said.includes(`${pid}\n`)) break;
  }
  return { child, pid, pids: said.trim().split('\n').map(Number) };
}

const patient = () => start('echo $$; read -r line');
const stubborn = () => start("trap '' TERM; echo $$; while :; do read -r line || /bin/sleep 1; done");

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(!existsSync('/proc/self/stat'))('what a crash left over', { timeout: WAIT }, () => {
  test('is known again by number, start and boot, and ended politely', async () => {
    const { child, pid } = await patient();
    const exited = once(child, 'exit');
    await records().note(pid, 'runner');
    expect(await end()).toEqual([{ kind: 'left-over-ended', pid, what: 'runner', how: 'terminated' }]);
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(store.list()).toEqual([]);
  });

  test('is killed when it does not listen, and so is one that is stopped', async () => {
    const [deaf, stopped] = [await stubborn(), await patient()];
    process.kill(stopped.pid, 'SIGSTOP');
    for (const { pid } of [deaf, stopped]) await records().note(pid, 'session');
    const told = await end();
    expect(told).toHaveLength(2);
    for (const { pid } of [deaf, stopped])
      expect(told).toContainEqual({ kind: 'left-over-ended', pid, what: 'session', how: 'killed' });
    expect([deaf, stopped].some(({ pid }) => isAlive(pid))).toBe(false);
  });

  test('goes with all that it started, also what lost its parent', async () => {
    const { pid, pids } = await start("/bin/sh -c '/bin/sleep 600 & echo $!'; echo $$; read -r line");
    const [orphan = 0] = pids.filter((each) => each !== pid);
    const fact = await table.find(orphan);
    // Positive control: it is nobody's child here, and only its group tells that it belongs.
    expect([fact?.parent === pid, fact?.group === pid, isAlive(orphan)]).toEqual([false, true, true]);
    await records().note(pid, 'session');
    expect(await end()).toMatchObject([{ kind: 'left-over-ended', pid }]);
    expect(isAlive(orphan)).toBe(false);
  });

  test.each([
    ['another start: its number was given to somebody else', { start: '1' }],
    ['another boot: every number was given anew', { boot: 'another' }],
  ])('with %s: whoever has the number is not touched', async (_, over) => {
    const { pid } = await patient();
    const right = { start: (await table.find(pid))?.start ?? '', boot: await table.boot() };
    store.put({ pid, what: 'runner', identity: { ...right, ...over } });
    expect(await end()).toEqual([]);
    expect(isAlive(pid)).toBe(true);
    expect(store.list()).toEqual([]);
    // Positive control: the right one is ended.
    store.put({ pid, what: 'runner', identity: right });
    expect(await end()).toMatchObject([{ kind: 'left-over-ended', pid }]);
    expect(isAlive(pid)).toBe(false);
  });

  test('that could not be looked at is told as such, lives on, and is looked at again the next time', async () => {
    const { pid } = await patient();
    await records().note(pid, 'terminal');
    const find = () => Promise.reject(new Error('not today'));
    const told = await end({ table: { ...table, find } });
    expect(told).toEqual([{ kind: 'left-over-not-checked', pid, what: 'terminal', reason: 'not today' }]);
    expect(isAlive(pid)).toBe(true);
    expect(await end()).toMatchObject([{ kind: 'left-over-ended', pid }]);
  });

  test('that started us is not ended: who would be left to go on?', async () => {
    const { ppid } = process;
    await records().note(ppid, 'session');
    expect(await end()).toEqual([
      { kind: 'left-over-not-checked', pid: ppid, what: 'session', reason: 'it started this Perch' },
    ]);
    expect(isAlive(ppid)).toBe(true);
  });

  test('on a system that tells no start lives on, and is told once', async () => {
    const { pid } = await patient();
    await records({ table: undefined }).note(pid, 'runner');
    expect(await end({ table: undefined })).toMatchObject([{ kind: 'left-over-not-checked', pid }]);
    expect(await end({ table: undefined })).toEqual([]);
    expect(isAlive(pid)).toBe(true);
  });

  test('that goes by itself in its grace is not worth telling', async () => {
    const clock = createManualClock();
    const { child, pid } = await patient();
    const mine = createProcessRecords({ store, table, clock });
    await mine.note(pid, 'session');
    const ended = mine.end(mine.list(), 1000);
    await clock.timerIn(25);
    const gone = once(child, 'exit');
    child.stdin?.end();
    await gone;
    clock.advance(25);
    expect(await ended).toEqual([]);
    expect(store.list()).toEqual([]);
  });

  test('is on disk as soon as it is noted, and forgotten when it went as it should', async () => {
    const { pid } = await patient();
    await records().note(pid, 'program');
    const random = { uuid: () => 'x', fraction: () => 0 };
    const other = openDatabase({ file: join(folder, 'perch.db'), clock: systemClock, random });
    expect(createRecordStore(other).list()).toEqual(store.list());
    other.close();
    expect(store.list()).toMatchObject([{ pid, what: 'program', identity: { boot: await table.boot() } }]);
    records().forget(pid);
    expect(records().list()).toEqual([]);
  });
});

test.skipIf(!existsSync('/bin/ps') || !existsSync('/proc/self/stat'))('ps tells of the same processes', async () => {
  const { child, pid } = await patient();
  const ps = createPsTable({ ps: '/bin/ps', sysctl: '/bin/echo' });
  const [byPs, byProc] = [await ps.find(pid), await table.find(pid)];
  expect(byPs).toMatchObject({ pid, parent: byProc?.parent, group: byProc?.group });
  expect(byPs?.start).toMatch(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
  expect((await ps.all()).length).toBeGreaterThan(1);
  expect(await ps.boot()).not.toBe('');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  expect(await ps.find(pid)).toBeUndefined();
});

test('a family is whoever comes from it, and the group that it leads, not the group that it is in', () => {
  const fact = (pid: number, parent: number, group: number): ProcessFact => ({ pid, parent, group, start: '' });
  const all = [fact(1, 0, 1), fact(10, 1, 10), fact(11, 10, 10), fact(12, 11, 12), fact(13, 1, 10), fact(14, 13, 14)];
  const pids = (root: number) =>
    familyOf(all.find(({ pid }) => pid === root) ?? fact(0, 0, 0), all).map(({ pid }) => pid);
  expect(pids(10)).toEqual([10, 11, 12, 13, 14]);
  expect(pids(11)).toEqual([11, 12]);
});
