import { basename } from 'node:path';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { SandboxStatus } from '../../shared/model/sandbox-policy.ts';
import type { RunnerParams } from '../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../node/clock.ts';
import { openAcpSession } from './adapters/acp/connect.ts';
import { describeExit } from './adapters/acp/failures.ts';
import { compileSigns, type Signs } from './adapters/acp/signs.ts';
import { createWhy } from './adapters/acp/why.ts';
import type { AgentSession } from './adapters/adapter.ts';
import type { ValueMask } from './adapters/masked-events.ts';
import { createEntries } from './agent-output/entries.ts';
import type { Fence } from './fence.ts';
import { type Program, type ProgramExit, startProgram } from './process/program.ts';
import { killTree, type ProcessTree, type StopFact, stopTree } from './process/stop.ts';
import { createTextLines } from './process/text-lines.ts';
import type { WatchProcess } from './process/watch.ts';
import type { Sandbox, SandboxedLaunch } from './sandbox/sandbox.ts';
import { writeStateFiles } from './sandbox/state-files.ts';

export type StartParams = RunnerParams<'session.start'>;

export interface SessionDependencies {
  readonly sandbox: Sandbox;
  /** From the session's fence. */
  readonly fence: Fence['request'];
  readonly clock: Clock;
  readonly newId: () => string;
  readonly redact: (text: string) => string;
  readonly mask: ValueMask;
  /** The mask for the program's stderr. */
  readonly errorMask: ValueMask;
  /** A host that its way out could not reach since the turn began, although the rules allow it. */
  readonly unreached?: (() => string | undefined) | undefined;
  readonly watchProcess: WatchProcess;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', source: string, message: string) => void;
}

/** An agent's process, from its spawn on. */
export interface LaunchedSession {
  /** The conversation, or why there is none. The process is gone when it rejects. */
  readonly opened: Promise<AgentSession>;
  readonly pid: number | undefined;
  readonly sandbox: SandboxStatus;
  readonly exited: Promise<ProgramExit>;
  hasExited(): boolean;
  /** The first process of the namespace that its processes are in and nobody else's; undefined where it has none. */
  readonly innerRoot: () => number | undefined;
  stop(deadlineMs: number): Promise<StopFact>;
  kill(): Promise<void>;
}

const STDERR_LINE_CHARS = 8_192;
/** Per session: an agent in debug mode writes megabytes. */
const STDERR_TOTAL_CHARS = 8 * 1024 * 1024;

/** @throws PerchError SANDBOX_UNAVAILABLE, SANDBOX_FAILED, SESSION_START_FAILED before anything was started */
export function launchSession(params: StartParams, deps: SessionDependencies): LaunchedSession {
  const { clock, log } = deps;
  const { launch, environment, policy } = params;
  writeStateFiles(policy.state.hostPath, launch.stateFiles, nameOf(params));
  const wrapped = deps.sandbox.wrap(
    {
      command: launch.command,
      args: launch.args,
      environment,
      ...deps.fence,
    },
    policy,
  );
  const program = startProgram(wrapped.spec, clock);
  deps.watchProcess('session', program);
  const what = [launch.command, ...launch.args].join(' ');
  log('info', 'spawn', `${what} (process ${program.pid ?? 'none'}, ${describeStatus(wrapped.status)})`);
  const tree: ProcessTree = { program, namespaceRoot: wrapped.namespaceRoot };
  const kill = (): Promise<void> => killTree(tree, clock);
  const errors = readErrors(program, deps, compileSigns(launch.failureSigns));
  const opened = open({ params, deps, program, wrapped, kill, errors });
  void program.exited.then((exit) => log('info', 'exit', `the agent ended: ${describeExit(exit)}`));
  return {
    opened,
    pid: program.pid,
    sandbox: wrapped.status,
    exited: program.exited,
    hasExited: program.hasExited,
    innerRoot: () => (program.pid === undefined ? undefined : wrapped.innerRoot?.(program.pid)),
    stop: (deadlineMs) => stopTree(tree, clock, deadlineMs),
    kill,
  };
}

/** For the log. */
export function describeStatus(status: SandboxStatus): string {
  if (status.state === 'off') return 'no sandbox';
  const lacks = status.lacks === undefined ? '' : `, without ${status.lacks.join(', ')}`;
  return `${status.backend}, network ${status.network}${lacks}`;
}

/** A start that fails is explained with these. */
const KEPT_LINES = 200;

interface ErrorOutput {
  readonly lastLine: () => string | undefined;
  /** The latest ones, oldest first. */
  readonly lines: () => readonly string[];
  onLine(listener: (line: string) => void): void;
}

function readErrors(program: Program, deps: SessionDependencies, { isNoise }: Pick<Signs, 'isNoise'>): ErrorOutput {
  const latest: string[] = [];
  let listener: ((line: string) => void) | undefined;
  const entries = createEntries({ isNoise, onEntry: ({ level, message }) => deps.log(level, 'agent.stderr', message) });
  const lines = createTextLines({
    maxLineChars: STDERR_LINE_CHARS,
    maxTotalChars: STDERR_TOTAL_CHARS,
    onLine(line) {
      latest.push(line);
      if (latest.length > KEPT_LINES) latest.shift();
      entries.line(line);
      listener?.(line);
    },
  });
  // Masked before it is cut into lines: a cut would leave a half of a secret that nothing recognises.
  const masked = deps.errorMask.stream();
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    lines.push(masked.push(text));
    entries.settle();
  });
  program.stderr.once('close', () => {
    lines.push(masked.end());
    lines.end();
    entries.settle();
  });
  return {
    lastLine: () => latest.at(-1),
    lines: () => latest,
    onLine: (next) => {
      listener = next;
    },
  };
}

interface Opening {
  readonly params: StartParams;
  readonly deps: SessionDependencies;
  readonly program: Program;
  readonly wrapped: SandboxedLaunch;
  readonly kill: () => Promise<void>;
  readonly errors: ErrorOutput;
}

/** Whichever is first: the conversation, the end of the program, the deadline. */
async function open(opening: Opening): Promise<AgentSession> {
  const { params, deps, program, wrapped, kill, errors } = opening;
  const { start } = params.launch.limits;
  const tooLate = Promise.withResolvers<never>();
  const takeBack = deps.clock.after(start, () => {
    const values = { agent: nameOf(params), seconds: Math.round(start / 1000) };
    tooLate.reject(new PerchError('SESSION_START_TIMEOUT', values));
  });
  const ended = program.exited.then((exit): never => {
    throw explainEarlyEnd(opening, exit);
  });
  const conversation = openAcpSession({
    program,
    launch: params.launch,
    workingDirectory: wrapped.workingDirectory,
    auth: params.auth,
    environment: params.environment,
    agentSessionId: params.agentSessionId,
    clock: deps.clock,
    newId: deps.newId,
    redact: deps.redact,
    unreached: deps.unreached,
    mask: deps.mask,
    note: (text, level = 'debug') => deps.log(level, 'acp', text),
    kill: () => void kill(),
  });
  // The losers of the race are told by its winner.
  for (const promise of [ended, conversation, tooLate.promise]) promise.catch(() => undefined);
  try {
    const session = await Promise.race([ended, conversation, tooLate.promise]);
    errors.onLine((line) => session.errorLine(line));
    return session;
  } catch (error) {
    await kill();
    throw error;
  } finally {
    takeBack();
  }
}

function explainEarlyEnd({ params, wrapped, errors, deps }: Opening, exit: ProgramExit): PerchError {
  const lastLine = errors.lastLine();
  const sandboxReason = wrapped.setUpFailure(exit, lastLine);
  if (sandboxReason !== undefined) return new PerchError('SANDBOX_FAILED', { reason: deps.redact(sandboxReason) });
  const agentName = nameOf(params);
  const { clock, redact, unreached } = deps;
  const why = createWhy({ agentName, clock, signs: compileSigns(params.launch.failureSigns), redact, unreached });
  for (const line of errors.lines()) why.errorLine(line);
  const told = why.exited(exit);
  const details = {
    ...(exit.exitCode === null ? {} : { exitCode: exit.exitCode }),
    ...(exit.signal === null ? {} : { signal: exit.signal }),
  };
  if (told.outcome === 'failed' && told.error.code !== 'AGENT_EXITED') {
    const said = told.reported === undefined ? {} : { reported: told.reported };
    return new PerchError(told.error.code, told.error.values, { details: { ...details, ...said } });
  }
  const said = told.outcome === 'failed' ? told.reported : undefined;
  const reason = said === undefined ? `it ended with ${describeExit(exit)}` : said.slice(0, MAX_REASON_CHARS);
  return new PerchError('SESSION_START_FAILED', { agent: agentName, reason }, { details });
}

const MAX_REASON_CHARS = 500;

const nameOf = ({ launch }: StartParams): string => basename(launch.command);
