/**
 * A runner that behaves as `FAKE_RUNNER` says. It runs no agents; it is a program of its own so that the supervisor
 * is tested with real processes, pipes and signals.
 */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { RUNNER_PROTOCOL_VERSION } from '../../../../shared/runner-protocol/protocol.ts';

const mode = process.env.FAKE_RUNNER ?? 'polite';
const version = mode === 'other version' ? RUNNER_PROTOCOL_VERSION + 1 : RUNNER_PROTOCOL_VERSION;

const send = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const notify = (method: string, params: object) => send({ method, params });

function answer(id: unknown, method: string): void {
  if (method === 'runner.initialize') initialize(id);
  else if (method === 'runner.ping') {
    if (mode !== 'deaf') send({ id, result: {} });
  } else if (method === 'runner.shutdown') {
    if (mode !== 'unkillable') send({ id, result: {} });
  } else if (method === 'sandbox.check') check(id);
  else if (method === 'session.close' && mode === 'broken answers') send({ id, result: 5 });
  else if (method === 'session.close') {
    notify('log.line', { level: 'info', source: 'acp', message: 'closing' });
    notify('session.exited', { sessionId: '7f7b4c8e-0b1f-4a51-9d6c-2f5c1d1f7f10', exitCode: 0, signal: null });
    send({ id, result: {} });
  } else if (method === 'session.cancel') {
    // Never answered: the caller waits until one of us is gone.
  } else send({ id, error: { code: -32000, message: method, data: { code: 'METHOD_NOT_FOUND', values: { method } } } });
}

function initialize(id: unknown): void {
  if (mode === 'crashing while greeting') process.exit(5);
  if (mode === 'refusing') {
    send({
      id,
      error: {
        code: -32000,
        message: 'x',
        data: { code: 'RUNNER_VERSION_MISMATCH', values: { found: 1, expected: 9 } },
      },
    });
  } else send({ id, result: { protocolVersion: version, pid: process.pid } });
}

/** The one request whose end the tests choose. */
function check(id: unknown): void {
  if (mode === 'crashing later') {
    process.stderr.write('about to crash\nTypeError: it broke\n', () => process.exit(3));
  } else if (mode === 'endless line') {
    process.stdout.write('x'.repeat(40 * 1024 * 1024));
  } else if (mode === 'half a line') {
    process.stdout.write('{"jsonrpc":"2.0","id":', () => process.exit(0));
  } else if (mode === 'closing its output') {
    process.stdout.end();
  } else send({ id, result: { state: 'unavailable', reasonCode: 'x', reason: 'x' } });
}

function start(): void {
  if (mode === 'crashing at start') {
    process.stderr.write('cannot start\n', () => process.exit(7));
    return;
  }
  if (mode === 'junk') {
    process.stdout.write('hello, I am no message\n{"jsonrpc":"2.0","id":77,"result":1}\n');
    notify('no.such.notification', {});
    notify('turn.event', { broken: true });
    send({ id: 1, method: 'core.please', params: {} });
  }
  if (mode === 'unkillable') beUnkillable();
  if (mode === 'leaving a process') leaveProcess();
  if (mode !== 'silent') notify('runner.ready', { protocolVersion: version, pid: process.pid });
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const { id, method } = JSON.parse(line) as { id?: unknown; method?: string };
      if (method !== undefined) answer(id, method);
    })
    .on('close', () => {
      if (mode !== 'unkillable') process.exit(0);
    });
}

/** One that nothing binds to this runner, and that the core is told of. */
function leaveProcess(): void {
  const { pid } = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });
  notify('process.started', { pid, what: 'session' });
}

/** Ignores every request to go, and has a child that does the same; the child holds a connection while it lives. */
function beUnkillable(): void {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
  const port = Number(process.env.FAKE_RUNNER_PORT);
  if (process.env.FAKE_RUNNER_CHILD === '1') {
    connect(port, '127.0.0.1');
    return;
  }
  spawn(process.execPath, [import.meta.filename], {
    env: { FAKE_RUNNER: 'unkillable', FAKE_RUNNER_CHILD: '1', FAKE_RUNNER_PORT: String(port) },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

start();
