import { constants } from 'node:os';
import { basename } from 'node:path';
import { FIRST_TERMINAL_SIZE } from '../../../shared/model/terminal.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import type { TerminalExit } from '../../../shared/runner-protocol/terminals.ts';
import type { Clock } from '../../node/clock.ts';
import { describeExit, failed } from '../adapters/acp/failures.ts';
import type { AgentSession, TurnRequest } from '../adapters/adapter.ts';
import { classify } from '../causes/classify.ts';
import {
  describeStatus,
  type LaunchedSession,
  type SessionDependencies,
  type StartParams,
} from '../launched-session.ts';
import type { ProgramExit } from '../process/program.ts';
import type { SandboxedLaunch } from '../sandbox/sandbox.ts';
import { writeStateFiles } from '../sandbox/state-files.ts';
import { loadNodePty, opened } from './node-pty.ts';
import { createPlainText } from './plain-text.ts';
import { openTerminal, type Spawn, type Terminal } from './terminal.ts';
import type { Terminals } from './terminals.ts';

interface TerminalSessionDependencies extends SessionDependencies {
  readonly terminals: Pick<Terminals, 'attach'>;
  /** Absent: node-pty. */
  readonly loadSpawn?: () => Promise<Spawn>;
}

/** Milliseconds from the interrupt key to the kill. A cancelled prompt is answered within a second. */
const INTERRUPT_LIMIT_MS = 500;
const INTERRUPT_KEY = '\u0003';
const ENDS_OF_PROGRAMS: ReadonlySet<string> = new Set([
  'AGENT_SCRIPT_MISSING',
  'AGENT_INTERPRETER_MISSING',
  'AGENT_OUT_OF_MEMORY',
  'AGENT_KILLED',
]);

/**
 * Any program as an agent: it has a terminal of its own, in the same sandbox, environment and network as every other,
 * and one prompt is its whole life. What it shows is read, and what is typed is written, by the session's id as the
 * terminal's, for as long as the prompt runs and until its end was read.
 * @throws PerchError SANDBOX_UNAVAILABLE, SANDBOX_FAILED, SESSION_START_FAILED, TERMINALS_UNAVAILABLE before anything
 *   was started
 */
export async function launchTerminalSession(
  params: StartParams,
  deps: TerminalSessionDependencies,
): Promise<LaunchedSession> {
  const { clock, log, loadSpawn = loadNodePty } = deps;
  const { launch, environment, policy } = params;
  const spawn = await loadSpawn();
  writeStateFiles(policy.state.hostPath, launch.stateFiles, basename(launch.command));
  const wrapped = deps.sandbox.wrap(
    { command: launch.command, args: launch.args, environment, ownsTerminal: true, ...deps.fence },
    policy,
  );
  const output = watchOutput(deps);
  const terminal = opened(
    () => openTerminal({ launch: wrapped, size: FIRST_TERMINAL_SIZE, spawn, clock, onOutput: output.push }),
    launch.command,
  );
  deps.watchProcess('session', terminal);
  const what = [launch.command, ...launch.args].join(' ');
  log('info', 'spawn', `${what} in a terminal (process ${terminal.pid}, ${describeStatus(wrapped.status)})`);
  let exit: ProgramExit | undefined;
  /** Settles when the prompt is answered, or when none will come: a program may be done before it was asked. */
  const over = Promise.withResolvers<void>();
  const ended = terminal.exited.then((told) => {
    exit = asProgramExit(told);
    log('info', 'exit', `the program ended: ${describeExit(exit)}`);
    return exit;
  });
  const kill = async (): Promise<void> => {
    over.resolve();
    await terminal.kill();
  };
  const interrupt = createInterrupt(terminal, ended, clock);
  const session = createSession({ params, deps, wrapped, terminal, ended, interrupt, output });
  return {
    opened: Promise.resolve({
      ...session,
      prompt: (turn) => session.prompt(turn).finally(over.resolve),
    }),
    pid: terminal.pid,
    sandbox: wrapped.status,
    exited: Promise.all([ended, over.promise]).then(([told]) => told),
    hasExited: () => exit !== undefined,
    // Its one prompt lasts as long as it does: there is no time in between.
    innerRoot: () => undefined,
    async stop(deadlineMs) {
      over.resolve();
      return interrupt(deadlineMs);
    },
    kill,
  };
}

type Interrupt = (limitMs: number) => Promise<'ended' | 'killed'>;

/** Asks with the key that people ask with, once; ends the tree when nothing came of it in time. */
function createInterrupt(terminal: Terminal, ended: Promise<unknown>, clock: Clock): Interrupt {
  let asked = false;
  return async (limitMs) => {
    let fact: 'ended' | 'killed' = 'ended';
    if (!asked) terminal.write(INTERRUPT_KEY);
    asked = true;
    const stopTimer = clock.after(limitMs, () => {
      fact = 'killed';
      void terminal.kill();
    });
    await ended;
    stopTimer();
    return fact;
  };
}

interface Needs {
  readonly params: StartParams;
  readonly deps: TerminalSessionDependencies;
  readonly wrapped: SandboxedLaunch;
  readonly terminal: Terminal;
  readonly ended: Promise<ProgramExit>;
  readonly interrupt: Interrupt;
  readonly output: { readonly lastLine: () => string | undefined; readonly lines: () => readonly string[] };
}

function createSession({ params, deps, wrapped, terminal, ended, interrupt, output }: Needs): AgentSession {
  const agent = basename(params.launch.command);
  const { clock, redact } = deps;
  /** The answer to the prompt when Perch ended the program. */
  let verdict: PromptResult | undefined;

  const stop = (because: PromptResult): void => {
    if (verdict !== undefined) return;
    verdict = because;
    void interrupt(INTERRUPT_LIMIT_MS);
  };
  /** What it shows is the talk of a person and a program: only how the program itself ended is read from it. */
  const ofProgram = (exit: ProgramExit): PromptResult | undefined => {
    const found = classify({ words: [], stderr: output.lines(), exit }, [], clock.now());
    if (found === undefined || !ENDS_OF_PROGRAMS.has(found.code)) return undefined;
    const { missing, ...values } = found.values;
    const named = typeof missing === 'string' ? { missing: redact(missing) } : {};
    return failed(found.code, { agent, ...values, ...named }, { exit });
  };
  const judge = (exit: ProgramExit): PromptResult => {
    if (verdict !== undefined) return verdict;
    const reason = wrapped.setUpFailure(exit, output.lastLine());
    if (reason !== undefined) return failed('SANDBOX_FAILED', { reason: redact(reason) }, { exit });
    if (exit.exitCode === 0) return { outcome: 'completed', stopReason: 'end_turn' };
    return ofProgram(exit) ?? failed('TERMINAL_PROGRAM_FAILED', { agent, how: describeExit(exit) }, { exit });
  };
  return {
    agentName: agent,
    agentVersion: undefined,
    agentSessionId: undefined,
    continuation: undefined,
    mcpUnsupported: [],
    async prompt({ rules }: TurnRequest) {
      const detach = deps.terminals.attach(params.sessionId, terminal);
      const { maxMinutes } = rules ?? {};
      const stopLimit =
        maxMinutes === undefined
          ? () => {}
          : clock.after(maxMinutes * 60_000, () => stop(failed('TURN_LIMIT_MINUTES', { agent, limit: maxMinutes })));
      const exit = await ended;
      stopLimit();
      void terminal.drained.then(detach);
      return judge(exit);
    },
    cancel: () => stop({ outcome: 'cancelled' }),
    answerPermission: () => false,
    errorLine: () => {},
  };
}

/** Searches the output for the session's own secrets, and keeps its last line; the output is not logged. */
function watchOutput({ mask }: TerminalSessionDependencies) {
  const looked = mask.stream();
  const plain = createPlainText();
  return {
    push(text: string): void {
      looked.push(plain.push(text));
    },
    lastLine: plain.lastLine,
    lines: plain.lines,
  };
}

function asProgramExit({ exitCode, signal }: TerminalExit): ProgramExit {
  if (signal === undefined) return { exitCode, signal: null };
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return { exitCode: null, signal: (name ?? `SIG${signal}`) as NodeJS.Signals };
}
