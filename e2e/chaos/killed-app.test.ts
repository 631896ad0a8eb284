import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '../../electron/core/api/client.ts';
import { createLinuxTable } from '../../electron/core/machine/processes/linux-table.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { createInstallation, type Installation } from './installation.ts';
import { descendants, isAlive, type Known, whenGone } from './processes.ts';

/** From the requirements: after the app was killed nothing of it is left for longer. In milliseconds. */
const LIMIT_MS = 2000;
let installation: Installation;
let app: ChildProcess;
const strangers: ChildProcess[] = [];

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const { client, close } = await connectCore(installation.dataDir);
  try {
    return await use(client);
  } finally {
    close();
  }
}

/** A turn that goes on for minutes; answers with all processes of the app once the agent speaks. */
async function runningTurn(): Promise<Known[]> {
  const turnId = randomUUID();
  const prompt = JSON.stringify({ id: turnId, words: 20_000, paceMs: 10 });
  await withClient(async (client) => {
    await client.call('turns.submit', { turnId, agentId: 'demo', projectDir: installation.projectDir, prompt });
  });
  await expect.poll(() => installation.executions().get(turnId), { timeout: 60_000 }).toBe(1);
  return descendants(app.pid ?? 0);
}

const timeline = async () => (await withClient((client) => client.call('runner.timeline', {}))).events;

describe.skipIf(!existsSync('/proc/self/stat'))('an app that was killed', { timeout: 120_000 }, () => {
  beforeEach(async () => {
    installation = await createInstallation();
    app = await installation.startApp();
  });
  afterEach(async () => {
    for (const child of [app, ...strangers.splice(0)]) await kill(child);
    installation.remove();
  });

  test.each(['is well', 'hangs'])(
    'leaves nothing behind for longer than two seconds when its runner %s',
    async (how) => {
      const family = await runningTurn();
      const commands = family.map(({ command }) => command).join('\n');
      expect(commands).toContain('runner.mjs');
      expect(commands).toContain('demo-agent.mjs');
      const runner = family.find(({ command }) => command.includes('runner.mjs'));
      if (how === 'hangs') process.kill(runner?.pid ?? 0, 'SIGSTOP');
      await kill(app);
      const { took, left } = await whenGone(family, 10_000);
      expect(left).toEqual([]);
      expect(took).toBeLessThan(LIMIT_MS);
    },
  );

  test('is cleared up after by the next one, which touches nobody else', async () => {
    const family = await runningTurn();
    await kill(app);
    await whenGone(family, 10_000);
    const table = createLinuxTable();
    const sql = new BetterSqlite3(join(installation.dataDir, 'perch.db'));
    const recorded = sql.prepare('SELECT pid, what FROM process_record').all() as { pid: number; what: string }[];
    expect(recorded.map(({ what }) => what).sort()).toEqual(['runner', 'session']);
    for (const { pid } of recorded) expect(family.map((one) => one.pid)).toContain(pid);

    const put = sql.prepare('INSERT INTO process_record VALUES (?, ?, ?, ?)');
    const stranger = async (change: { start?: string; boot?: string }) => {
      const child = spawn('/bin/sleep', ['600'], { stdio: 'ignore', detached: true });
      strangers.push(child);
      await once(child, 'spawn');
      const pid = child.pid ?? 0;
      const right = { start: (await table.find(pid))?.start ?? '', boot: await table.boot() };
      const { start, boot } = { ...right, ...change };
      put.run(pid, 'session', start, boot);
      return { pid, start: right.start, command: '' };
    };
    const ours = await stranger({});
    const others = [await stranger({ start: '1' }), await stranger({ boot: 'another' })];
    sql.close();

    app = await installation.startApp();
    await expect.poll(async () => (await timeline()).at(-1)?.kind, { timeout: 60_000 }).toBe('ready');
    const told = (await timeline()).filter(({ kind }) => kind.startsWith('left-over'));
    expect(told).toMatchObject([{ kind: 'left-over-ended', pid: ours.pid, what: 'session', how: 'terminated' }]);
    expect([isAlive(ours), ...others.map(isAlive)]).toEqual([false, true, true]);
  });
});
