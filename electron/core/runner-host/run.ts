import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CloseReason } from '../../../shared/json-rpc/carrier.ts';
import { createPeer, type Peer, PeerClosedError } from '../../../shared/json-rpc/peer.ts';
import {
  RUNNER_PROTOCOL_VERSION,
  type RunnerMethodName,
  type RunnerNotificationParams,
  type RunnerParams,
  type RunnerResult,
  runnerMethods,
} from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import type { RunnerExit, RunnerProcess } from '../ports.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';
import { HEARTBEAT } from './heartbeat.ts';
import { type AnyNotification, parseNotification } from './notifications.ts';
import { describeProtocolError } from './run-log.ts';
import { createTimers } from './timers.ts';
import { watchHeartbeat } from './watch.ts';

/** Milliseconds. */
const RUN_LIMITS = {
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
 * How a run ended. `asked`: we ended it, and `how`. `retry` is false when another attempt could only end the same way.
 * Without `how` it ended by itself.
 */
export type RunEnd =
  | { readonly kind: 'asked'; readonly exit: RunnerExit | undefined; readonly how: 'ended' | 'killed' }
  | {
      readonly kind: 'failed';
      readonly error: PerchError;
      readonly exit: RunnerExit | undefined;
      readonly retry: boolean;
      readonly how?: 'killed';
    };

/** A runner process, from its start to its exit. */
export interface Run {
  readonly pid: number | undefined;
  /** Resolves once, when the process is gone (or could not be made to go). Never rejects. */
  readonly ended: Promise<RunEnd>;
  /** @throws PerchError what the runner refused with; RUNNER_CRASHED, or RUNNER_NOT_CONNECTED after `end` */
  request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>>;
  /** Asks the runner to shut down, then kills it. Idempotent; `ended` tells when it is done. */
  end(): void;
}

interface RunOptions {
  readonly process: RunnerProcess;
  readonly clock: Clock;
  readonly log: LogWriter;
  onReady(pid: number): void;
  onUnresponsive(): void;
  onNotification(notification: AnyNotification): void;
}

type Cause = { readonly asked: true } | { readonly asked: false; readonly error: PerchError; readonly retry: boolean };

/** Watches over one runner process: handshake, heartbeat, end. */
export function startRun(options: RunOptions): Run {
  const { process, clock, log, onReady, onUnresponsive, onNotification } = options;
  const { promise: ended, resolve: resolveEnded } = Promise.withResolvers<RunEnd>();
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
    if (cause === undefined) cause = { asked: false, error: new PerchError('RUNNER_CRASHED'), retry: true };
    resolveEnded(
      cause.asked
        ? { kind: 'asked', exit, how: killed ? 'killed' : 'ended' }
        : { kind: 'failed', error: cause.error, retry: cause.retry, exit, ...(killed ? { how: 'killed' } : {}) },
    );
  };
  const kill = () => {
    killed = true;
    process.kill();
    after(RUN_LIMITS.death, () => {
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

  const cancelStartDeadline = after(RUN_LIMITS.start, () => {
    fail(new PerchError('RUNNER_START_TIMEOUT', { seconds: RUN_LIMITS.start / 1000 }), { retry: true });
  });

  let introduced = false;
  const receive = (method: string, params: unknown) => {
    if (cause !== undefined && !cause.asked) return;
    const notification = parseNotification(method, params);
    if (typeof notification === 'string') return void say('warn', notification);
    if (notification.name === 'runner.ready') void introduce(notification.params);
    else onNotification(notification);
  };
  const introduce = async (ready: RunnerNotificationParams<'runner.ready'>) => {
    if (introduced) return void say('warn', 'the runner said twice that it is ready');
    introduced = true;
    if (!checkVersion(ready.protocolVersion)) return;
    try {
      const answer = await request('runner.initialize', { protocolVersion: RUNNER_PROTOCOL_VERSION });
      if (checkVersion(answer.protocolVersion)) connected(answer.pid);
    } catch (error) {
      initializeFailed(error);
    }
  };
  const initializeFailed = (error: unknown) => {
    const refusal = error instanceof PerchError ? error : new PerchError('INTERNAL', {}, { cause: error });
    // A connection that ended is followed by the exit, which has more to say.
    if (refusal.code === 'RUNNER_CRASHED' || refusal.code === 'RUNNER_NOT_CONNECTED') return;
    // Which of both sides notices first that the versions differ is open.
    fail(refusal, { retry: refusal.code !== 'RUNNER_VERSION_MISMATCH' });
  };
  const checkVersion = (found: number) => {
    if (found === RUNNER_PROTOCOL_VERSION) return true;
    const error = new PerchError('RUNNER_VERSION_MISMATCH', { found, expected: RUNNER_PROTOCOL_VERSION });
    fail(error, { retry: false });
    return false;
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

  const request = async <M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>> => {
    let answer: unknown;
    try {
      answer = await peer.request(method, params);
    } catch (error) {
      if (!(error instanceof PeerClosedError)) throw error;
      throw new PerchError(cause?.asked ? 'RUNNER_NOT_CONNECTED' : 'RUNNER_CRASHED', {}, { cause: error });
    }
    const parsed = runnerMethods[method].result.safeParse(answer);
    if (parsed.success) return parsed.data as RunnerResult<M>;
    say('error', `the runner's answer to ${method} breaks the protocol at ${parsed.error.issues[0]?.path.join('.')}`);
    throw new PerchError('INTERNAL', {}, { cause: parsed.error });
  };

  process.onStderrLine((line) => log.write({ level: 'warn', source: 'runner.stderr', message: line }));
  void process.exited.then(finish);
  void peer.closed.then((reason: CloseReason) => {
    if (over || cause !== undefined) return;
    if (reason.kind !== 'ended') say('error', `the connection to the runner broke: ${reason.message}`);
    if (reason.kind === 'protocol-violation') return fail(new PerchError('RUNNER_CRASHED'), { retry: true });
    after(RUN_LIMITS.farewell, () => fail(new PerchError('RUNNER_CRASHED'), { retry: true }));
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
      after(RUN_LIMITS.stop, () => {
        say('warn', `the runner did not shut down within ${RUN_LIMITS.stop / 1000} s and is killed`);
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
