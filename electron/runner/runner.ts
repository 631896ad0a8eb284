import { tmpdir } from 'node:os';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { Carrier } from '../../shared/json-rpc/carrier.ts';
import { createPeer } from '../../shared/json-rpc/peer.ts';
import { createRedactor } from '../../shared/redaction/redactor.ts';
import {
  RUNNER_PROTOCOL_VERSION,
  type RunnerMethodName,
  type RunnerParams,
  type RunnerResult,
  runnerMethods,
} from '../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../node/clock.ts';
import { createAsideRequests } from './aside/requests.ts';
import { removeLeftOver } from './egress/left-over.ts';
import type { Log } from './log.ts';
import type { Notify } from './notify.ts';
import { explainOutOfFiles } from './process/out-of-files.ts';
import { createWatchProcess } from './process/watch.ts';
import { tidyUp } from './sandbox/guard/records.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { createSandboxRuns, type SandboxRuns } from './sandbox-run.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';
import { createTerminals, type Terminals } from './terminals/terminals.ts';

interface RunnerOptions {
  readonly carrier: Carrier;
  readonly sandbox: Sandbox;
  readonly noSandbox: Sandbox;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly pid: number;
}

/** A handler for every method: a forgotten one does not compile. */
type RunnerHandlers = {
  readonly [M in RunnerMethodName]: (params: RunnerParams<M>) => Promise<RunnerResult<M>>;
};

/**
 * Serves the runner protocol over a carrier. Resolves when all is over: after `runner.shutdown`, or because the
 * carrier closed, which means that the core is gone. No session is left then.
 */
export async function runRunner(options: RunnerOptions): Promise<void> {
  const redactor = createRedactor();
  const notify: Notify = (name, params) => peer.notify(name, params);
  const log: Log = (line) => notify('log.line', { ...line, message: redactor.redact(line.message) });
  const watchProcess = createWatchProcess(notify);
  const terminals = createTerminals({ ...options, watchProcess, log });
  const sessions = createSessions({ ...options, notify, watchProcess, log, terminals });
  const runs = createSandboxRuns({ ...options, watchProcess, log });
  const shutdown = Promise.withResolvers<void>();
  const handlers = createHandlers(options, { sessions, terminals, runs }, shutdown.resolve);
  // Last: from here on requests may come in.
  const peer = createPeer({
    carrier: options.carrier,
    onRequest: (method, params) => serve(handlers, method, params),
    onNotification: (method) => log({ level: 'warn', source: 'runner', message: `no such notification: ${method}` }),
    onProtocolError: ({ kind }) => log({ level: 'warn', source: 'runner', message: `from the core: ${kind}` }),
  });

  notify('runner.ready', { protocolVersion: RUNNER_PROTOCOL_VERSION, pid: options.pid });
  await Promise.race([shutdown.promise, peer.closed]);
  await Promise.all([sessions.killAll(), terminals.killAll(), runs.killAll()]);
  peer.close();
}

async function serve(handlers: RunnerHandlers, method: string, params: unknown): Promise<unknown> {
  if (!isRunnerMethod(method)) throw new PerchError('METHOD_NOT_FOUND', { method });
  const parsed = runnerMethods[method].params.safeParse(params);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new PerchError('INVALID_PARAMS', {
      where: `${method} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    });
  }
  // The pair of method and parsed params belongs together; the compiler cannot see that across a lookup.
  const handler = handlers[method] as (params: unknown) => Promise<unknown>;
  try {
    return await handler(parsed.data);
  } catch (error) {
    throw explainOutOfFiles(error);
  }
}

function isRunnerMethod(method: string): method is RunnerMethodName {
  return Object.hasOwn(runnerMethods, method);
}

function createHandlers(
  options: RunnerOptions,
  { sessions, terminals, runs }: { sessions: Sessions; terminals: Terminals; runs: SandboxRuns },
  ended: () => void,
): RunnerHandlers {
  return {
    async 'runner.initialize'({ protocolVersion }) {
      if (protocolVersion !== RUNNER_PROTOCOL_VERSION) {
        throw new PerchError('RUNNER_VERSION_MISMATCH', { found: RUNNER_PROTOCOL_VERSION, expected: protocolVersion });
      }
      return { protocolVersion: RUNNER_PROTOCOL_VERSION, pid: options.pid };
    },
    async 'runner.ping'() {
      return {};
    },
    async 'runner.shutdown'() {
      await Promise.all([sessions.closeAll(), terminals.killAll(), runs.killAll()]);
      // The answer goes out before the carrier closes.
      setImmediate(ended);
      return {};
    },
    ...terminals.handlers,
    ...createAsideRequests({ isAtWork: (directory) => sessions.isAtWork(directory) || runs.isAtWork(directory) }),
    async 'sandbox.check'({ records }) {
      if (records !== undefined) tidyUp(records);
      await removeLeftOver(tmpdir(), options.clock.now());
      return options.sandbox.check();
    },
    'sandbox.run': (params) => runs.run(params),
    'session.start': (params) => sessions.start(params),
    'session.prompt': (params) => sessions.prompt(params),
    async 'session.cancel'(params) {
      sessions.cancel(params);
      return {};
    },
    async 'session.answerPermission'(params) {
      sessions.answerPermission(params);
      return {};
    },
    async 'session.setHosts'(params) {
      sessions.setHosts(params);
      return {};
    },
    async 'session.background'(params) {
      await sessions.background(params);
      return {};
    },
    async 'session.close'({ sessionId }) {
      await sessions.close(sessionId);
      return {};
    },
  };
}
