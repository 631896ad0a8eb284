import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '../../electron/core/api/client.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { inVitest } from '../fixtures/long.ts';
import { createInstallation, type Installation } from './installation.ts';
import { descendants } from './processes.ts';

const WAIT = { timeout: 60_000, interval: 100 };
let installation: Installation;
let app: ChildProcess | undefined;
let client: Client;

beforeEach(async () => {
  installation = await createInstallation();
});
afterEach(async () => {
  client?.close();
  if (app !== undefined && app.exitCode === null && app.signalCode === null) {
    const gone = once(app, 'exit');
    app.kill('SIGTERM');
    await gone;
  }
  app = undefined;
  spawnSync('umount', [installation.dataDir]);
  installation.remove();
});

async function start(): Promise<void> {
  app = await installation.startApp();
  ({ client } = await connectCore(installation.dataDir));
}

async function submit(words: number): Promise<string> {
  const turnId = randomUUID();
  const prompt = JSON.stringify({ id: turnId, words, paceMs: 5 });
  await client.call('turns.submit', { turnId, agentId: 'demo', projectDir: installation.projectDir, prompt });
  return turnId;
}

const turnOf = async (turnId: string) => (await client.call('turns.get', { turnId })).turn;
const statusOf = async (turnId: string) => (await turnOf(turnId)).status;
const speaks = (turnId: string) => expect.poll(async () => (await turnOf(turnId)).lastSeq, WAIT).toBeGreaterThan(5);

/** How many ends are saved. */
async function ends(turnId: string): Promise<number> {
  const { events } = await client.call('turns.events', { turnId, after: 0, limit: 5000 });
  return events.filter(({ event }) => event.type === 'turn.ended').length;
}

/** A small disk of its own for the data; the reason where this machine gives none. */
function mountSmallDisk(): string | undefined {
  mkdirSync(installation.dataDir);
  const options = ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'perch-test', installation.dataDir];
  const mounted = spawnSync('mount', options, { encoding: 'utf8' });
  return mounted.status === 0 ? undefined : `no tmpfs can be mounted: ${mounted.stderr ?? mounted.error}`;
}

function fillDisk(): string {
  const filler = join(installation.dataDir, 'filler');
  for (let size = 65_536; size >= 1; size /= 2) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Smaller pieces may still fit.
    }
  }
  return filler;
}

test('a disk that fills up in mid-turn ends the turn, says so, and takes the end once there is room', {
  timeout: 180_000,
}, async ({ skip }) => {
  const reason = mountSmallDisk();
  if (reason !== undefined) skip(reason);
  await start();
  const turnId = await submit(20_000);
  await speaks(turnId);
  const filler = fillDisk();
  await expect.poll(() => statusOf(turnId), WAIT).toBe('failed');
  expect((await turnOf(turnId)).failure?.error.code).toBe('DISK_FULL');
  await expect(submit(1)).rejects.toMatchObject({ code: 'DISK_FULL' });
  rmSync(filler);
  await expect.poll(() => ends(turnId), WAIT).toBe(1);
  const next = await submit(3);
  await expect.poll(() => statusOf(next), WAIT).toBe('completed');
  const sql = new BetterSqlite3(join(installation.dataDir, 'perch.db'), { readonly: true });
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok');
  sql.close();
});

test('a database that another program holds ends the turn, says so, and takes the end once it is free', {
  timeout: 180_000,
  ...inVitest(false),
}, async () => {
  await start();
  const turnId = await submit(20_000);
  await speaks(turnId);
  const holder = new BetterSqlite3(join(installation.dataDir, 'perch.db'), { timeout: 30_000 });
  holder.exec('BEGIN IMMEDIATE');
  await expect.poll(() => statusOf(turnId), WAIT).toBe('failed');
  expect((await turnOf(turnId)).failure?.error.code).toBe('DATABASE_LOCKED');
  await expect(submit(1)).rejects.toMatchObject({ code: 'DATABASE_LOCKED' });
  holder.exec('ROLLBACK');
  holder.close();
  await expect.poll(() => ends(turnId), WAIT).toBe(1);
  const next = await submit(3);
  await expect.poll(() => statusOf(next), WAIT).toBe('completed');
});

const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((file) => existsSync(file));
const openFiles = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

/** Lets a process that runs open so many more files, or as many as it likes. */
function limitFiles(pid: number, more: number | undefined): void {
  const soft = more === undefined ? 1024 : openFiles(pid) + more;
  const set = spawnSync(prlimit ?? '', ['--pid', String(pid), `--nofile=${soft}:`], { encoding: 'utf8' });
  if (set.status !== 0) throw new Error(set.stderr);
}

describe.skipIf(prlimit === undefined || !existsSync('/proc/self/fd'))(
  'out of file descriptors',
  {
    timeout: 180_000,
  },
  () => {
    test('the runner: the turn fails with the reason, and the next one runs when there are some again', async () => {
      await start();
      const first = await submit(3);
      await expect.poll(() => statusOf(first), WAIT).toBe('completed');
      const runner = descendants(app?.pid ?? 0).find(({ command }) => command.includes('runner.mjs'))?.pid ?? 0;
      const before = openFiles(runner);
      for (const more of [0, 2, 10]) {
        limitFiles(runner, more);
        const refused = await submit(3);
        await expect.poll(() => statusOf(refused), WAIT).toBe('failed');
        expect((await turnOf(refused)).failure?.error.code).toBe('TOO_MANY_OPEN_FILES');
        // The turn's end is told before the last of its pipes is closed.
        await expect.poll(() => openFiles(runner), WAIT).toBeLessThanOrEqual(before);
      }
      limitFiles(runner, undefined);
      const next = await submit(3);
      await expect.poll(() => statusOf(next), WAIT).toBe('completed');
    });

    test(
      'the core: turns go on, a runner that died is not started in vain for ever, and comes back',
      inVitest(false),
      async () => {
        await start();
        const running = await submit(300);
        await speaks(running);
        limitFiles(app?.pid ?? 0, 0);
        await expect.poll(() => statusOf(running), WAIT).toBe('completed');
        const next = await submit(3);
        await expect.poll(() => statusOf(next), WAIT).toBe('completed');
        const { events } = await client.call('runner.timeline', {});
        process.kill(events.findLast(({ kind }) => kind === 'ready')?.pid ?? 0, 'SIGKILL');
        const isAgain = async () => (await client.call('runner.timeline', {})).events.at(-1)?.kind;
        await expect.poll(isAgain, WAIT).toBe('breaker-opened');
        limitFiles(app?.pid ?? 0, undefined);
        await client.call('runner.restart', {});
        await expect.poll(isAgain, WAIT).toBe('ready');
        const last = await submit(3);
        await expect.poll(() => statusOf(last), WAIT).toBe('completed');
      },
    );
  },
);
