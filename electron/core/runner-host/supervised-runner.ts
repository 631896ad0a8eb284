import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CloseReason } from '../../../shared/json-rpc/carrier.ts';
import { createPeer, type Peer, PeerClosedError } from '../../../shared/json-rpc/peer.ts';
import { RUNNER_PROTOCOL_VERSION } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import type { RunnerExit, RunnerProcess } from '../ports.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';
import { createHandshake } from './handshake.ts';
import { HEARTBEAT } from './heartbeat.ts';
import { type AnyNotification, parseNotification } from './notifications.ts';
import { describeProtocolError } from './protocol-error.ts';
import { createRunnerRequests, type RunnerRequest } from './runner-requests.ts';
import { createTimers } from './timers.ts';
import { watchHeartbeat } from './watch.ts';

/** Milliseconds. */
const RUNNER_LIMITS = {
  /** From the start of the process to the answer of `runner.initialize`. */
  start: 10_000,
  /** From `runner.shutdown` to the kill. */
  stop: 3_000,
  /** From a closed connection to the kill: a process that ends by itself gets to tell its exit code. */
  farewell: 1_000,
  /** From the kill to where we stop waiting for the exit. */
  death: 2_000,
} as const;

/**
 * How a runner ended. `asked`: we ended it, and `how`. `retry` is false when another attempt could only end the same way.
 * Without `how` it ended by itself.
 */
export type RunnerEnd =
  | { readonly kind: 'asked'; readonly exit: RunnerExit | undefined; readonly how: 'ended' | 'killed' }
  | {
      readonly kind: 'failed';
      readonly error: PerchError;
      readonly exit: RunnerExit | undefined;
      readonly retry: boolean;
      readonly how?: 'killed';
    };

/** A runner process, from its start to its exit. */
export interface SupervisedRunner {
  readonly pid: number | undefined;
  /** Resolves once, when the process is gone (or could not be made to go). Never rejects. */
  readonly ended: Promise<RunnerEnd>;
  /** @throws PerchError what the runner refused with; RUNNER_CRASHED, or RUNNER_NOT_CONNECTED after `end` */
  readonly request: RunnerRequest;
  /** Asks the runner to shut down, then kills it. Idempotent; `ended` tells when it is done. */
  end(): void;
}

interface RunnerOptions {
  readonly process: RunnerProcess;
  readonly clock: Clock;
  readonly log: LogWriter;
  onReady(pid: number): void;
  onUnresponsive(): void;
  onNotification(notification: AnyNotification): void;
}

type Cause = { readonly asked: true } | { readonly asked: false; readonly error: PerchError; readonly retry: boolean };

/** Watches over one runner process: handshake, heartbeat, end. */
export function superviseRunner(options: RunnerOptions): SupervisedRunner {
  const { process, clock, log, onReady, onUnresponsive, onNotification } = options;
  const { promise: ended, resolve: resolveEnded } = Promise.withResolvers<RunnerEnd>();
  /** The first thing that went wrong; whatever follows is its consequence. */
  let cause: Cause | undefined;
  let over = false;
  let killed = false;
  let watch = { stop: () => {} };
  const { after, cancelAll } = createTimers(clock);
  const say = (level: 'info' | 'warn' | 'error', message: string) =>
    log.write({ level, source: 'supervisor', message });

  const peer: Peer = createPeer({
    carrier: process.carrier,
    onRequest: async (method) => {
      throw new PerchError('METHOD_NOT_FOUND', { method });
    },
    onNotification: (method, params) => receive(method, params),
    onProtocolError: (error) => say('warn', describeProtocolError(error)),
  });

  const finish = (exit: RunnerExit | undefined) => {
    if (over) return;
    over = true;
    watch.stop();
    cancelAll();
    peer.close({ kind: 'ended', message: 'the runner is gone' });
    cause ??= { asked: false, error: new PerchError('RUNNER_CRASHED'), retry: true };
    resolveEnded(endOf(cause, { exit, killed }));
  };
  const kill = () => {
    killed = true;
    process.kill();
    after(RUNNER_LIMITS.death, () => {
      say('error', `the runner (process ${process.pid}) does not die`);
      finish(undefined);
    });
  };
  const fail = (error: PerchError, { retry }: { retry: boolean }) => {
    if (cause !== undefined || over) return;
    cause = { asked: false, error, retry };
    watch.stop();
    cancelStartDeadline();
    peer.close({ kind: 'failed', message: error.code });
    kill();
  };

  const cancelStartDeadline = after(RUNNER_LIMITS.start, () => {
    fail(new PerchError('RUNNER_START_TIMEOUT', { seconds: RUNNER_LIMITS.start / 1000 }), { retry: true });
  });

  const receive = (method: string, params: unknown) => {
    if (cause !== undefined && !cause.asked) return;
    const notification = parseNotification(method, params);
    if (typeof notification === 'string') return void say('warn', notification);
    if (notification.name === 'runner.ready') void handshake.introduce(notification.params);
    else onNotification(notification);
  };
  const connected = (pid: number) => {
    if (cause !== undefined || over) return;
    cancelStartDeadline();
    watch = watchHeartbeat({
      clock,
      ping: () => peer.request('runner.ping', {}),
      onSuspect: () => say('warn', `no answer for ${HEARTBEAT.firstWait / 1000} s; asking again`),
      onSilent() {
        onUnresponsive();
        const seconds = (HEARTBEAT.firstWait + HEARTBEAT.secondWait) / 1000;
        fail(new PerchError('RUNNER_UNRESPONSIVE', { seconds }), { retry: true });
      },
    });
    onReady(pid);
  };

  const request = createRunnerRequests({
    peer,
    isEnding: () => cause?.asked === true,
    reportError: (message) => say('error', message),
  });
  const handshake = createHandshake({
    initialize: () => request('runner.initialize', { protocolVersion: RUNNER_PROTOCOL_VERSION }),
    warn: (message) => say('warn', message),
    onConnected: connected,
    onFailed: fail,
  });

  process.onStderrLine((line) => log.write({ level: 'warn', source: 'runner.stderr', message: line }));
  void process.exited.then(finish);
  void peer.closed.then((reason: CloseReason) => {
    if (over || cause !== undefined) return;
    if (reason.kind !== 'ended') say('error', `the connection to the runner broke: ${reason.message}`);
    if (reason.kind === 'protocol-violation') return fail(new PerchError('RUNNER_CRASHED'), { retry: true });
    after(RUNNER_LIMITS.farewell, () => fail(new PerchError('RUNNER_CRASHED'), { retry: true }));
  });

  return {
    get pid() {
      return process.pid;
    },
    ended,
    request,
    end() {
      if (cause !== undefined || over) return;
      cause = { asked: true };
      watch.stop();
      cancelStartDeadline();
      after(RUNNER_LIMITS.stop, () => {
        say('warn', `the runner did not shut down within ${RUNNER_LIMITS.stop / 1000} s and is killed`);
        kill();
      });
      // Its answer means that all sessions are gone; closing the connection is what ends the process.
      peer.request('runner.shutdown', {}).then(
        () => peer.close(),
        (error: unknown) => {
          if (!(error instanceof PeerClosedError)) say('warn', `the runner refused to shut down: ${String(error)}`);
        },
      );
    },
  };
}

function endOf(cause: Cause, { exit, killed }: { exit: RunnerExit | undefined; killed: boolean }): RunnerEnd {
  if (cause.asked) return { kind: 'asked', exit, how: killed ? 'killed' : 'ended' };
  return { kind: 'failed', error: cause.error, retry: cause.retry, exit, ...(killed ? { how: 'killed' } : {}) };
}
