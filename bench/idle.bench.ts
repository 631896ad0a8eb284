/**
 * What Perch costs while nobody uses it: resident memory of core and runner under plain Node, and how often their main
 * threads wake up, against the heartbeat alone. Linux only: it reads /proc.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const MEMORY_LIMIT_MB = 120;
/** Milliseconds between two heartbeats; each wakes the core twice (timer, answer) and the runner once. */
const HEARTBEAT_MS = 5000;
const WATCHED_MS = 30_000;
/** Main threads only, a beat: what it takes to send, hear and answer it, with the event loop's own going to sleep. */
const WAKEUPS_A_BEAT = 12;

const programsDir = join(import.meta.dirname, '..', 'dist');
const statusOf = (pid: number) => readFileSync(`/proc/${pid}/status`, 'utf8');
const field = (pid: number, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(statusOf(pid))?.[1]);
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
const runnerOf = (pid: number) =>
  childrenOf(pid).find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('runner.mjs'));

async function measure(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-bench-idle-'));
  mkdirSync(join(folder, 'home'));
  const host = spawn(process.execPath, [join(programsDir, 'loopback.mjs'), '--json'], {
    env: { PATH: '/usr/bin:/bin', HOME: join(folder, 'home'), PERCH_DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const _ of host.stdout) break;
    const pid = host.pid ?? 0;
    // The start's own work (agents looked for, keychain asked, database tidied) is over by then.
    await pause(15_000);
    const runner = runnerOf(pid);
    if (runner === undefined) throw new Error('there is no runner');
    const wakeups = () => field(pid, 'voluntary_ctxt_switches') + field(runner, 'voluntary_ctxt_switches');
    const before = wakeups();
    await pause(WATCHED_MS);
    const perBeat = (wakeups() - before) / (WATCHED_MS / HEARTBEAT_MS);
    const [core, its] = [field(pid, 'RssAnon') / 1024, field(runner, 'RssAnon') / 1024];
    // Both run the same Node: its pages are in memory once.
    const files = Math.max(field(pid, 'RssFile'), field(runner, 'RssFile')) / 1024;
    const together = core + its + files;
    const holds = together <= MEMORY_LIMIT_MB && perBeat <= WAKEUPS_A_BEAT;
    process.stdout.write(
      `idle: ${holds ? 'holds' : 'BROKEN'}\n` +
        `  ${together.toFixed(0)} MB resident (core ${core.toFixed(0)}, runner ${its.toFixed(0)}, files of both ${files.toFixed(0)}; limit ${MEMORY_LIMIT_MB} MB)\n` +
        `  ${perBeat.toFixed(1)} wakeups a heartbeat of ${HEARTBEAT_MS} ms, both together (limit ${WAKEUPS_A_BEAT})\n`,
    );
    return holds;
  } finally {
    host.kill('SIGTERM');
    await new Promise((resolve) => host.once('close', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

if (existsSync('/proc/self/status')) process.exitCode = (await measure()) ? 0 : 1;
else process.stdout.write('idle: skipped, it needs /proc\n');
