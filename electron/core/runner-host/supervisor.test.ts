import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RUNNER_PROTOCOL_VERSION } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import { systemClock } from '../../node/clock.ts';
import { createRecordStore, type RecordStore } from '../machine/processes/record-store.ts';
import { createProcessRecords } from '../machine/processes/records.ts';
import { processTable } from '../machine/processes/select-table.ts';
import type { RunnerStarter } from '../ports.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { createLogStore, type LogStore } from '../storage/logs/log-store.ts';
import { createChildProcessStarter } from './child-process-starter.ts';
import type { RunnerStatus } from './status.ts';
import { createRunnerSupervisor, type RunnerSupervisor } from './supervisor.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { createTimelineStore } from './timeline-store.ts';

const SESSION = '7f7b4c8e-0b1f-4a51-9d6c-2f5c1d1f7f10';
let folder: string;
let clock: ManualClock;
let database: Database;
let logs: LogStore;
let supervisor: RunnerSupervisor;
let statuses: RunnerStatus[];
let records: RecordStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-supervisor-'));
  clock = createManualClock();
  const random = { uuid: () => 'installation', fraction: () => 0.5 };
  database = openDatabase({ file: join(folder, 'perch.db'), clock, random });
  logs = createLogStore({
    dir: join(folder, 'logs'),
    clock,
    redact: (text) => text.replaceAll('hunter2', '•••'),
    onWriteFailure: (error) => {
      throw error;
    },
  });
  statuses = [];
  records = createRecordStore(database);
});

afterEach(async () => {
  const stopped = supervisor.stop();
  clock.advance(3_000); // the stubborn ones
  await stopped;
  logs.close();
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The runner's behaviour may differ from start to start; the last one named stays. */
function supervise(...modes: string[]) {
  return superviseWith(starterOf(modes));
}

/** @param processClock by which left-overs are waited for */
function superviseWith(starter: RunnerStarter, processClock: Clock = systemClock) {
  supervisor = createRunnerSupervisor({
    starter,
    clock,
    random: { uuid: () => '', fraction: () => 0.5 },
    log: logs.writer('runner'),
    lastLines: (count, cause) => logs.failureLines(cause, count),
    timelineStore: createTimelineStore(database),
    processes: createProcessRecords({
      store: records,
      table: processTable(process.platform),
      clock: processClock,
    }),
  });
  supervisor.onStatus((status) => statuses.push(status));
  return supervisor;
}

function starterOf(modes: string[], environment: Record<string, string> = {}): RunnerStarter {
  return {
    start() {
      const mode = (modes.length > 1 ? modes.shift() : modes[0]) ?? 'polite';
      return createChildProcessStarter({
        nodeExecutable: process.execPath,
        runnerFile: join(import.meta.dirname, 'testing', 'fake-runner.ts'),
        environment: { FAKE_RUNNER: mode, ...environment },
      }).start();
    },
  };
}

async function until<K extends RunnerStatus['kind']>(kind: K): Promise<Extract<RunnerStatus, { kind: K }>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = supervisor.onStatus((status) => status.kind === kind && resolve());
  if (supervisor.status.kind === kind) resolve();
  await promise;
  unsubscribe();
  return supervisor.status as Extract<RunnerStatus, { kind: K }>;
}

/** Goes on to the next attempt of a supervisor that waits. */
function passWait() {
  if (supervisor.status.kind !== 'reconnecting') throw new Error(`it is ${supervisor.status.kind}`);
  clock.advance(supervisor.status.nextTryAt - clock.now());
}

async function crashesUntilFailed() {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<RunnerStatus>();
    const unsubscribe = supervisor.onStatus(resolve);
    const status = await promise;
    unsubscribe();
    if (status.kind === 'failed') return status;
    if (status.kind === 'reconnecting') passWait();
  }
}

const kinds = () => statuses.map(({ kind }) => kind);
const timeline = () => supervisor.timeline().map(({ kind }) => kind);
const messages = () => logs.lastLines('runner', 100).map(({ source, message }) => `${source}: ${message}`);

describe('a polite runner', () => {
  test('connects, answers, tells, and stops when asked', async () => {
    supervise('polite');
    expect(supervisor.status).toEqual({ kind: 'stopped' });
    await expect(supervisor.request('runner.ping', {})).rejects.toMatchObject({ code: 'RUNNER_NOT_CONNECTED' });
    supervisor.start();
    supervisor.start();
    expect(supervisor.status).toEqual({ kind: 'starting' });
    const { pid, generation, since } = await until('connected');
    expect({ generation, since }).toEqual({ generation: 1, since: clock.now() });
    process.kill(pid, 0);

    const exited: unknown[] = [];
    const unsubscribe = supervisor.onNotification('session.exited', (params) => exited.push(params));
    await supervisor.request('session.close', { sessionId: SESSION });
    unsubscribe();
    await supervisor.request('session.close', { sessionId: SESSION });
    expect(exited).toEqual([{ sessionId: SESSION, exitCode: 0, signal: null }]);
    expect(messages()).toContain('acp: closing');

    await supervisor.stop();
    expect(supervisor.status).toEqual({ kind: 'stopped' });
    expect(() => process.kill(pid, 0)).toThrow();
    expect(kinds()).toEqual(['starting', 'connected', 'stopped']);
    expect(timeline()).toEqual(['started', 'ready', 'exited', 'stopped']);
    expect(supervisor.timeline()[2]).toMatchObject({ pid, how: 'ended', exitCode: 0 });
    await supervisor.stop();
    expect(timeline()).toEqual(['started', 'ready', 'exited', 'stopped']);
  });

  test('answers its heartbeat for an hour without a restart, through sleeps', async () => {
    supervise('polite');
    supervisor.start();
    await until('connected');
    for (let beat = 0; beat < 20; beat++) {
      await clock.timerIn(5_000);
      if (beat % 5 === 4) clock.jump(3_600_000);
      else clock.advance(5_000);
    }
    await clock.timerIn(5_000);
    expect(kinds()).toEqual(['starting', 'connected']);
  });

  test('start after stop begins anew, as another generation', async () => {
    supervise('polite');
    supervisor.start();
    const first = await until('connected');
    const stopping = supervisor.stop();
    supervisor.start();
    await stopping;
    const second = await until('connected');
    expect([first.generation, second.generation]).toEqual([1, 2]);
  });
});

describe('a runner that dies', () => {
  test('is started again at once, and who waited for an answer is told', async () => {
    supervise('polite');
    supervisor.start();
    const { pid } = await until('connected');
    const asked = supervisor.request('session.cancel', { sessionId: SESSION, turnId: SESSION });
    const refused = expect(asked).rejects.toMatchObject({ code: 'RUNNER_CRASHED' });
    process.kill(pid, 'SIGKILL');
    await refused;
    const waiting = await until('reconnecting');
    expect(waiting.attempt).toBe(1);
    expect(waiting.nextTryAt - clock.now()).toBe(100);
    expect(waiting.failure).toMatchObject({ error: { code: 'RUNNER_CRASHED' }, signal: 'SIGKILL' });
    await expect(supervisor.request('runner.ping', {})).rejects.toMatchObject({ code: 'RUNNER_NOT_CONNECTED' });
    passWait();
    const again = await until('connected');
    expect(supervisor.budget()).toEqual({ crashes: 1, limit: 5, windowMs: 60_000 });
    clock.advance(4_000);
    clock.jump(56_000);
    expect(supervisor.budget().crashes).toBe(0);
    expect(again.generation).toBe(2);
    expect(again.pid).not.toBe(pid);
    expect(timeline()).toEqual(['started', 'ready', 'exited', 'backoff', 'started', 'ready']);
  });

  test('leaves its last words, its exit code and their place in the log', async () => {
    supervise('crashing later', 'polite');
    supervisor.start();
    await until('connected');
    await expect(supervisor.request('sandbox.check', {})).rejects.toMatchObject({ code: 'RUNNER_CRASHED' });
    const { failure } = await until('reconnecting');
    expect(failure).toMatchObject({ error: { code: 'RUNNER_CRASHED' }, exitCode: 3 });
    expect(failure.lastLines.map(({ message }) => message).slice(-3)).toEqual([
      'about to crash',
      'TypeError: it broke',
      'RUNNER_CRASHED, exit code 3',
    ]);
    const place = logs.read({ log: 'runner', from: failure.log, before: 0, after: 1 });
    expect(place.lines[0]?.message).toBe('RUNNER_CRASHED, exit code 3');
    passWait();
    await until('connected');
  });

  test.skipIf(processTable(process.platform) === undefined)(
    'is cleared up after: what it started and left is ended, and told',
    async () => {
      supervise('leaving a process', 'polite');
      supervisor.start();
      const { pid } = await until('connected');
      const left = records.list().find(({ what }) => what === 'session');
      // Positive control: both are on disk, and alive.
      expect(records.list()).toHaveLength(2);
      process.kill(left?.pid ?? 0, 0);
      process.kill(pid, 'SIGKILL');
      await until('reconnecting');
      await expect
        .poll(() => supervisor.timeline().at(-1), { timeout: 30_000 })
        .toEqual({
          at: clock.now(),
          kind: 'left-over-ended',
          pid: left?.pid,
          what: 'session',
          how: 'terminated',
        });
      expect(records.list()).toEqual([]);
    },
  );

  test.skipIf(processTable(process.platform) === undefined)(
    'again and again in a moment: the one that came after is not taken for a left-over',
    async () => {
      // What the first one left is still waited for when the third one runs.
      superviseWith(starterOf(['leaving a process', 'leaving a process', 'polite']), clock);
      supervisor.start();
      for (let crash = 0; crash < 2; crash++) {
        const { pid } = await until('connected');
        process.kill(pid, 'SIGKILL');
        await until('reconnecting');
        passWait();
      }
      const { pid } = await until('connected');
      const ended = () => supervisor.timeline().filter(({ kind }) => kind === 'left-over-ended');
      while (ended().length < 2) {
        clock.advance(25);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(ended().map((event) => event.pid)).not.toContain(pid);
      expect(ended()).toHaveLength(2);
      await supervisor.request('runner.ping', {});
      expect(records.list()).toMatchObject([{ pid, what: 'runner' }]);
    },
  );

  test('while it is greeted, counts as crashed with its own exit code', async () => {
    supervise('crashing while greeting', 'polite');
    supervisor.start();
    const { failure } = await until('reconnecting');
    expect(failure).toMatchObject({ error: { code: 'RUNNER_CRASHED' }, exitCode: 5 });
  });

  test.each(['endless line', 'half a line', 'closing its output'])('by %s, is replaced', async (mode) => {
    supervise(mode, 'polite');
    supervisor.start();
    await until('connected');
    const refused = expect(supervisor.request('sandbox.check', {})).rejects.toMatchObject({ code: 'RUNNER_CRASHED' });
    if (mode === 'closing its output') {
      await clock.timerIn(1_000);
      clock.advance(1_000);
    }
    await refused;
    const { failure } = await until('reconnecting');
    expect(failure.error.code).toBe('RUNNER_CRASHED');
    passWait();
    await until('connected');
  });

  test('that was healthy for half a minute is waited for no longer than the first time', async () => {
    supervise('polite');
    supervisor.start();
    const attempts: number[] = [];
    for (const healthyMs of [0, 0, 30_000, 0]) {
      const { pid } = await until('connected');
      for (let passed = 0; passed < healthyMs; passed += 5_000) {
        await clock.timerIn(5_000);
        clock.advance(5_000);
      }
      process.kill(pid, 'SIGKILL');
      attempts.push((await until('reconnecting')).attempt);
      passWait();
    }
    expect(attempts).toEqual([1, 2, 1, 2]);
  });
});

describe('a crash loop', () => {
  test('ends in a visible state after five crashes, and restart gets out of it', async () => {
    const modes = ['crashing at start', 'crashing at start', 'crashing at start', 'crashing at start'];
    supervise(...modes, 'crashing at start', 'polite');
    supervisor.start();
    const failed = await crashesUntilFailed();
    expect(failed).toMatchObject({
      crashLoop: true,
      failure: { error: { code: 'RUNNER_CRASH_LOOP', values: { count: 5 } }, exitCode: 7 },
    });
    expect(failed.failure.lastLines.map(({ message }) => message)).toContain('cannot start');
    clock.advance(3_600_000);
    expect(supervisor.status.kind).toBe('failed');
    expect(timeline().filter((kind) => kind === 'started').length).toBe(5);
    expect(timeline().at(-1)).toBe('breaker-opened');
    supervisor.restart();
    expect(supervisor.budget().crashes).toBe(0);
    await until('connected');
    expect(timeline().slice(-3)).toEqual(['reset', 'started', 'ready']);
  });

  test('of a program that is not there says so', async () => {
    superviseWith(
      createChildProcessStarter({ nodeExecutable: '/nowhere/node', runnerFile: 'runner.mjs', environment: {} }),
    );
    supervisor.start();
    const { failure } = await crashesUntilFailed();
    expect(failure.reported).toContain('ENOENT');
  });

  test('waits longer from attempt to attempt', async () => {
    supervise('crashing at start');
    supervisor.start();
    await crashesUntilFailed();
    expect(supervisor.timeline().flatMap(({ delayMs }) => delayMs ?? [])).toEqual([100, 200, 400, 800]);
  });
});

describe('a runner that does not speak properly', () => {
  test('silent at start: ended after ten seconds, and tried again', async () => {
    supervise('silent', 'polite');
    supervisor.start();
    clock.advance(9_999);
    expect(supervisor.status.kind).toBe('starting');
    clock.advance(1);
    const { failure } = await until('reconnecting');
    expect(failure.error).toEqual({ code: 'RUNNER_START_TIMEOUT', values: { seconds: 10 } });
    passWait();
    await until('connected');
  });

  test.each([
    ['other version', { found: RUNNER_PROTOCOL_VERSION + 1, expected: RUNNER_PROTOCOL_VERSION }],
    ['refusing', { found: 1, expected: 9 }],
  ])('%s: failed at once, without a second try', async (mode, values) => {
    supervise(mode);
    supervisor.start();
    const failed = await until('failed');
    expect(failed.crashLoop).toBe(false);
    expect(failed.failure.error).toEqual({ code: 'RUNNER_VERSION_MISMATCH', values });
    clock.advance(3_600_000);
    expect(timeline().filter((kind) => kind === 'started').length).toBe(1);
  });

  test('deaf to ping: suspected, then ended and replaced', async () => {
    supervise('deaf', 'polite');
    supervisor.start();
    await until('connected');
    clock.advance(6_000);
    expect(messages().at(-1)).toContain('no answer for 6 s');
    clock.advance(4_999);
    expect(supervisor.status.kind).toBe('connected');
    clock.advance(1);
    const { failure } = await until('reconnecting');
    expect(failure).toMatchObject({
      error: { code: 'RUNNER_UNRESPONSIVE', values: { seconds: 11 } },
      signal: 'SIGKILL',
    });
    expect(timeline()).toEqual(['started', 'ready', 'unresponsive', 'exited', 'backoff']);
    passWait();
    await until('connected');
  });

  test.skipIf(process.platform === 'win32')('hung (stopped by a signal): found the same way', async () => {
    supervise('polite');
    supervisor.start();
    const { pid } = await until('connected');
    process.kill(pid, 'SIGSTOP');
    clock.advance(11_000);
    const { failure } = await until('reconnecting');
    expect(failure.error.code).toBe('RUNNER_UNRESPONSIVE');
  });

  test('junk on its output is in the log, and does no harm', async () => {
    supervise('junk');
    supervisor.start();
    await until('connected');
    const said = messages().join('\n');
    expect(said).toContain('hello, I am no message');
    expect(said).toContain('request 77');
    expect(said).toContain('an unknown notification: no.such.notification');
    expect(said).toContain('a broken notification: turn.event');
    await supervisor.request('runner.ping', {});
  });

  test('an answer that breaks the protocol is an error, not a value', async () => {
    supervise('broken answers');
    supervisor.start();
    await until('connected');
    await expect(supervisor.request('session.close', { sessionId: SESSION })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect(messages().at(-1)).toContain('session.close');
  });
});

describe('a runner that will not go', () => {
  test('is killed after three seconds, with all that it started', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const connecting = once(server, 'connection') as Promise<[Socket]>;
    superviseWith(starterOf(['unkillable'], { FAKE_RUNNER_PORT: String(port) }));
    supervisor.start();
    const { pid } = await until('connected');
    const [grandchild] = await connecting;
    // A killed process resets its connection.
    grandchild.on('error', () => {});
    const grandchildGone = once(grandchild, 'close');

    const stopping = supervisor.stop();
    clock.advance(2_999);
    process.kill(pid, 0);
    expect(supervisor.status.kind).toBe('connected');
    await expect(supervisor.request('runner.ping', {})).rejects.toMatchObject({ code: 'RUNNER_NOT_CONNECTED' });
    clock.advance(1);
    await stopping;
    await grandchildGone;
    expect(() => process.kill(pid, 0)).toThrow();
    expect(supervisor.status).toEqual({ kind: 'stopped' });
    expect(messages().join('\n')).toContain('did not shut down within 3 s');
    expect(supervisor.timeline().at(-2)).toMatchObject({ kind: 'exited', pid, how: 'killed', signal: 'SIGKILL' });
    server.close();
  });

  test('by restart, too, and a stop that follows keeps it stopped', async () => {
    supervise('polite');
    supervisor.start();
    const { pid } = await until('connected');
    supervisor.restart();
    expect(supervisor.status).toEqual({ kind: 'starting' });
    const second = await until('connected');
    expect(second.pid).not.toBe(pid);
    expect(timeline()).toEqual(['started', 'ready', 'reset', 'exited', 'started', 'ready']);
    supervisor.restart();
    await supervisor.stop();
    expect(supervisor.status).toEqual({ kind: 'stopped' });
  });

  test('stopped while it waits for the next attempt: no attempt comes', async () => {
    supervise('crashing at start');
    supervisor.start();
    await until('reconnecting');
    await supervisor.stop();
    clock.advance(3_600_000);
    expect(timeline().filter((kind) => kind === 'started').length).toBe(1);
    expect(supervisor.status).toEqual({ kind: 'stopped' });
  });
});

describe('secrets', () => {
  test('the environment of the child is exactly what was given', async () => {
    process.env.PERCH_TEST_CANARY = 'canary';
    const starter = createChildProcessStarter({
      nodeExecutable: process.execPath,
      runnerFile: join(import.meta.dirname, 'testing', 'print-environment.ts'),
      environment: { ONLY: 'this' },
    });
    const child = starter.start();
    const { promise, resolve } = Promise.withResolvers<string>();
    child.carrier.onMessage(resolve);
    delete process.env.PERCH_TEST_CANARY;
    supervise('polite');
    expect(JSON.parse(await promise)).toEqual({ ONLY: 'this' });
    expect(await child.exited).toEqual({ exitCode: 0, signal: null });
  });
});
