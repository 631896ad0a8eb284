import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTurnStore } from '../../turns/turn-store.ts';
import { openDatabase } from './database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-bad-days-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { now: () => 1, after: () => () => {} };
const random = { uuid: () => 'installation', fraction: () => 0 };
const open = (directory = folder) => openDatabase({ file: join(directory, 'perch.db'), clock, random });
const here = import.meta.dirname;

function acceptTurn(store: ReturnType<typeof createTurnStore>, turnId: string) {
  const facts = { agentId: 'demo', model: '', projectDir: '/', prompt: 'go' };
  return store.accept(
    { turnId, sessionId: 's', bodyHash: '', ...facts },
    { event: { type: 'turn.accepted', ...facts }, at: 1, status: 'accepted' },
  );
}

/** A small disk of its own; the reason where this machine gives none. */
function mountSmallDisk(directory: string): string | undefined {
  mkdirSync(directory);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'perch-test', directory], { encoding: 'utf8' });
  return mounted.status === 0 ? undefined : `no tmpfs can be mounted: ${mounted.stderr ?? mounted.error}`;
}

test('on a full disk a turn is refused whole, what was saved stays, and afterwards it goes on', ({ skip }) => {
  const disk = join(folder, 'disk');
  const reason = mountSmallDisk(disk);
  if (reason !== undefined) skip(reason);
  try {
    const database = open(disk);
    const store = createTurnStore(database);
    acceptTurn(store, 'one');
    writeFileSync(join(disk, 'filler'), Buffer.alloc(1), { flag: 'a' });
    const filler = join(disk, 'filler');
    for (let size = 65_536; size >= 512; size /= 2) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
      } catch {
        // Smaller pieces may still fit.
      }
    }
    const text = 'x'.repeat(200_000);
    const say = () => store.append({ turnId: 'one', event: { type: 'agent.message', text }, at: 2 });
    expect(say).toThrowError(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(store.get('one')).toMatchObject({ status: 'accepted', lastSeq: 1 });
    rmSync(filler);
    expect(say()).toMatchObject({ seq: 2 });
    expect(database.sql.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  } finally {
    spawnSync('umount', [disk]);
  }
});

test('a database that another program holds locked is told as such, at the start and in mid-run', async () => {
  const database = open();
  const store = createTurnStore(database);
  const script = `
    const Database = require('better-sqlite3');
    const sql = new Database(process.argv[1]);
    sql.exec('BEGIN IMMEDIATE');
    process.stdout.write('locked\\n');
    process.stdin.resume();
  `;
  const holder = spawn(process.execPath, ['-e', script, join(folder, 'perch.db')], {
    cwd: here,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(() => acceptTurn(store, 'one')).toThrowError(expect.objectContaining({ code: 'DATABASE_LOCKED' }));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(acceptTurn(store, 'one')).toMatchObject({ seq: 1 });
  database.close();
});

test('without a free file descriptor the start says so', async () => {
  const script = `
    import { openSync } from 'node:fs';
    import { openDatabase } from ${JSON.stringify(join(here, 'database.ts'))};
    for (;;) { try { openSync('/dev/null', 'r'); } catch { break; } }
    const clock = { now: () => 1, after: () => () => {} };
    const random = { uuid: () => 'i', fraction: () => 0 };
    try { openDatabase({ file: process.env.FILE, clock, random }); console.log('opened'); }
    catch (error) { console.log(error.code ?? String(error)); }
    process.exit(0);
  `;
  const file = join(folder, 'script.mjs');
  writeFileSync(file, script);
  const limited = `ulimit -n 60; exec ${process.execPath} ${file}`;
  const run = spawnSync('/bin/sh', ['-c', limited], { env: { FILE: join(folder, 'perch.db') }, encoding: 'utf8' });
  expect(run.stdout, run.stderr).toBe('TOO_MANY_OPEN_FILES\n');
});

test('opening tells a damaged page as corrupt and changes nothing: setting it aside is another step', () => {
  const database = open();
  const store = createTurnStore(database);
  for (let turn = 0; turn < 50; turn++) acceptTurn(store, `turn-${turn}`);
  database.close();
  const file = join(folder, 'perch.db');
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096, statSync(file).size);
  writeFileSync(file, bytes);
  expect(() => open()).toThrowError(expect.objectContaining({ code: 'DATABASE_CORRUPT' }));
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('a clock that was set back mixes up no order', () => {
  const database = open();
  const store = createTurnStore(database);
  acceptTurn(store, 'one');
  const say = (at: number) => store.append({ turnId: 'one', event: { type: 'agent.message', text: `${at}` }, at });
  say(1000);
  say(-5000);
  say(2000);
  const events = store.events({ turnId: 'one', after: 0, limit: 10 });
  expect(events.map(({ seq, at }) => [seq, at])).toEqual([
    [1, 1],
    [2, 1000],
    [3, -5000],
    [4, 2000],
  ]);
  database.close();
});
