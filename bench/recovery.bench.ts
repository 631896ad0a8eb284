/**
 * A runner that is killed: when the first new one is started, and when the core is connected again. A fresh core for
 * every few kills, since more of them in a minute are a crash loop.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../electron/core/app.ts';
import { createNodeHostPorts } from '../electron/core/node-host/host-ports.ts';
import type { AppState } from '../shared/contract/state.ts';
import { percentile } from './report.ts';

const CORES = 10;
const KILLS = 3;
const LIMITS = { firstAttemptMs: 300, p95Ms: 2000 };
const programsDir = join(import.meta.dirname, '..', 'dist');
const caller = { kind: 'command-line' } as const;

function until(app: App, holds: (state: AppState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds(app.hub.state)) return;
      subscription.unsubscribe();
      resolve();
    };
    const subscription = app.hub.subscribe({ listener: look });
    look();
  });
}

async function killOnce(app: App): Promise<{ firstAttempt: number; connected: number }> {
  const { events } = await app.handlers['runner.timeline']({}, caller);
  const pid = events.findLast(({ kind }) => kind === 'ready')?.pid;
  if (pid === undefined) throw new Error('there is no runner to kill');
  const lost = until(app, ({ connection }) => connection.kind === 'reconnecting');
  const at = Date.now();
  process.kill(pid, 'SIGKILL');
  await lost;
  await until(app, ({ connection }) => connection.kind === 'connected');
  const after = (await app.handlers['runner.timeline']({}, caller)).events.filter((event) => event.at >= at);
  const started = after.find(({ kind }) => kind === 'started')?.at ?? Number.NaN;
  return { firstAttempt: started - at, connected: Date.now() - at };
}

const firstAttempts: number[] = [];
const recovered: number[] = [];
for (let core = 0; core < CORES; core++) {
  const folder = mkdtempSync(join(tmpdir(), 'perch-bench-recovery-'));
  const environment = { PATH: '/usr/bin:/bin', HOME: join(folder, 'home'), PERCH_DATA_DIR: join(folder, 'data') };
  const app = await createApp(createNodeHostPorts({ kind: 'cli', version: 'bench', programsDir, environment }));
  await until(app, ({ connection }) => connection.kind === 'connected');
  for (let kill = 0; kill < KILLS; kill++) {
    const { firstAttempt, connected } = await killOnce(app);
    // Of a runner that died again and again the pauses grow: the first one is the promise.
    if (kill === 0) firstAttempts.push(firstAttempt);
    recovered.push(connected);
  }
  await app.dispose();
  rmSync(folder, { recursive: true, force: true });
}
const first = Math.max(...firstAttempts);
const p95 = percentile(recovered, 0.95);
const holds = first <= LIMITS.firstAttemptMs && p95 <= LIMITS.p95Ms;
process.stdout.write(
  `recovery after SIGKILL of the runner: ${holds ? 'holds' : 'BROKEN'}\n` +
    `  first attempt after at most ${first.toFixed(0)} ms (limit ${LIMITS.firstAttemptMs} ms, ${firstAttempts.length} cores)\n` +
    `  connected again: p95 ${p95.toFixed(0)} ms (limit ${LIMITS.p95Ms} ms, ${recovered.length} kills)\n`,
);
process.exitCode = holds ? 0 : 1;
