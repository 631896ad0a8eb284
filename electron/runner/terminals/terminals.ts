import { basename } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { RunnerParams, RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import { checkEnvironment } from '../environment.ts';
import { openFence } from '../fence.ts';
import type { Log } from '../log.ts';
import type { WatchProcess } from '../process/watch.ts';
import type { Sandbox, SandboxedLaunch } from '../sandbox/sandbox.ts';
import { writeStateFiles } from '../sandbox/state-files.ts';
import { loadNodePty, opened } from './node-pty.ts';
import { openTerminal, type Spawn, type Terminal } from './terminal.ts';

interface TerminalsDependencies {
  readonly sandbox: Sandbox;
  readonly noSandbox: Sandbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly watchProcess: WatchProcess;
  /** Absent: node-pty, loaded with the first terminal. */
  readonly loadSpawn?: () => Promise<Spawn>;
}

type TerminalMethod = 'terminal.start' | 'terminal.read' | 'terminal.write' | 'terminal.resize' | 'terminal.close';

export interface Terminals {
  readonly handlers: {
    readonly [M in TerminalMethod]: (params: RunnerParams<M>) => Promise<RunnerResult<M>>;
  };
  /**
   * Attaches a terminal that another part started and ends: clients read, write and resize it under this id, until the
   * returned function is called.
   */
  attach(terminalId: string, terminal: Terminal): () => void;
  killAll(): Promise<void>;
}

/** Programs in pseudo-terminals, each in its sandbox. What they write is logged nowhere. */
export function createTerminals(deps: TerminalsDependencies): Terminals {
  const { clock, log, loadSpawn = loadNodePty } = deps;
  const open = new Map<string, Terminal>();
  const attached = new Map<string, Terminal>();
  const starting = new Set<string>();
  /** Settle when the fence of a terminal that ended is closed. */
  const fences = new Map<string, Promise<unknown>>();
  const say = (message: string): void => log({ level: 'info', source: 'terminal', message });

  const find = (terminalId: string): Terminal => {
    const terminal = open.get(terminalId) ?? attached.get(terminalId);
    if (terminal === undefined) throw new PerchError('NOT_FOUND', { what: 'terminal' });
    return terminal;
  };

  async function start(params: RunnerParams<'terminal.start'>): Promise<RunnerResult<'terminal.start'>> {
    const { terminalId, command, args, environment, policy, workingDirectory, size } = params;
    checkEnvironment(environment);
    if (policy.workingDirectory !== workingDirectory) {
      throw new PerchError('INVALID_PARAMS', { where: 'the policy is for another working directory' });
    }
    const spawn = await loadSpawn();
    const sandbox = policy.enforcement === 'off' ? deps.noSandbox : deps.sandbox;
    writeStateFiles(policy.state.hostPath, params.stateFiles, basename(command));
    const fence = await openFence({
      sandbox,
      policy,
      upstream: undefined,
      clock,
      onRefused: ({ host, port }) => say(`refused: ${host}:${port}`),
      onGone: (reason) => say(`the way out is gone: ${reason}`),
    });
    const launched = (): { launch: SandboxedLaunch; terminal: Terminal } => {
      const launch = sandbox.wrap({ command, args, environment, ownsTerminal: true, ...fence.request }, policy);
      return { launch, terminal: opened(() => openTerminal({ launch, size, spawn, clock }), command) };
    };
    const { launch, terminal } = await attempt(launched, () => fence.close());
    const closed = terminal.exited.then(() => fence.close()).catch((error) => say(String(error)));
    fences.set(terminalId, closed);
    open.set(terminalId, terminal);
    deps.watchProcess('terminal', terminal);
    say(`${[command, ...args].join(' ')} (process ${terminal.pid}, sandbox ${launch.status.state})`);
    void terminal.exited.then(({ exitCode, signal }) =>
      say(`${basename(command)} ended with ${signal === undefined ? exitCode : `signal ${signal}`}`),
    );
    return { pid: terminal.pid, sandbox: launch.status };
  }

  return {
    handlers: {
      async 'terminal.start'(params) {
        const { terminalId } = params;
        if (open.has(terminalId) || starting.has(terminalId)) {
          throw new PerchError('INVALID_PARAMS', { where: 'this terminal exists' });
        }
        starting.add(terminalId);
        try {
          return await start(params);
        } finally {
          starting.delete(terminalId);
        }
      },
      'terminal.read': ({ terminalId }) => find(terminalId).read(),
      async 'terminal.write'({ terminalId, data }) {
        find(terminalId).write(data);
        return {};
      },
      async 'terminal.resize'({ terminalId, size }) {
        find(terminalId).resize(size);
        return {};
      },
      async 'terminal.close'({ terminalId }) {
        const terminal = open.get(terminalId);
        await terminal?.kill();
        await fences.get(terminalId);
        open.delete(terminalId);
        fences.delete(terminalId);
        return {};
      },
    },
    attach(terminalId, terminal) {
      attached.set(terminalId, terminal);
      return () => {
        if (attached.get(terminalId) === terminal) attached.delete(terminalId);
      };
    },
    async killAll() {
      await Promise.all([...open.values()].map((terminal) => terminal.kill()));
      await Promise.all(fences.values());
    },
  };
}

async function attempt<T>(action: () => T, undo: () => Promise<unknown>): Promise<T> {
  try {
    return action();
  } catch (error) {
    await undo();
    throw error;
  }
}
