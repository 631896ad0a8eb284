import type { IPty } from 'node-pty';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { TERMINAL_KIND, type TerminalSize } from '../../../shared/model/terminal.ts';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import type { TerminalExit } from '../../../shared/runner-protocol/terminals.ts';
import type { Clock } from '../../node/clock.ts';
import { killTree } from '../process/stop.ts';
import type { SandboxedLaunch } from '../sandbox/sandbox.ts';
import { terminalCommand } from './spawn-files.ts';

export type Spawn = typeof import('node-pty')['spawn'];

/** Characters that may wait to be read; the program is held back above that. */
const HIGH_WATER = 256 * 1024;

/** A program in a pseudo-terminal of its own. */
export interface Terminal {
  readonly pid: number;
  /** See `terminal.read`. @throws PerchError INVALID_PARAMS when there is a reader already */
  read(): Promise<RunnerResult<'terminal.read'>>;
  write(data: string): void;
  resize(size: TerminalSize): void;
  /** Ends the whole tree; resolves when it is gone. */
  kill(): Promise<void>;
  readonly exited: Promise<TerminalExit>;
  /** Resolves when the end was read, or the terminal was killed. */
  readonly drained: Promise<void>;
}

/** @throws Error when it could not be started */
export function openTerminal(options: {
  readonly launch: SandboxedLaunch;
  readonly size: TerminalSize;
  readonly spawn: Spawn;
  readonly clock: Clock;
  /** Hears of all output before it is read. */
  readonly onOutput?: (text: string) => void;
}): Terminal {
  const { launch, size, clock } = options;
  const command = terminalCommand(launch.spec);
  const pty = start(options, command);
  const output = createOutput(pty);
  let gone = false;
  const exited = new Promise<TerminalExit>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      gone = true;
      command.close();
      const exit = { exitCode, ...(signal === undefined || signal === 0 ? {} : { signal }) };
      output.end(exit);
      resolve(exit);
    });
  });
  pty.onData((text) => {
    // A program that writes has been started, so its descriptors are open.
    command.removeFiles();
    options.onOutput?.(text);
    output.push(text);
  });
  return {
    pid: pty.pid,
    read: output.read,
    write: (data) => void (gone || pty.write(data)),
    resize: ({ columns, rows }) => void (gone || pty.resize(columns, rows)),
    async kill() {
      // A program that is held back cannot be read to its end.
      output.discard();
      const program = { pid: pty.pid, hasExited: () => gone, exited: exited.then(asExit) };
      await killTree({ program, namespaceRoot: launch.namespaceRoot }, clock);
    },
    exited,
    drained: output.drained,
  };

  function start({ spawn }: { spawn: Spawn }, { args }: { args: readonly string[] }): IPty {
    try {
      return spawn(command.command, [...args], {
        name: TERMINAL_KIND,
        cols: size.columns,
        rows: size.rows,
        cwd: launch.spec.workingDirectory,
        env: { ...launch.spec.environment },
        encoding: 'utf8',
      });
    } catch (error) {
      command.close();
      throw error;
    }
  }
}

const asExit = ({ exitCode }: TerminalExit) => ({ exitCode, signal: null });

/** Output that waits to be read, and the reader that waits for it. */
function createOutput(pty: Pick<IPty, 'pause' | 'resume'>) {
  let held = '';
  let paused = false;
  let discarding = false;
  let exit: TerminalExit | undefined;
  let reader: ((result: RunnerResult<'terminal.read'>) => void) | undefined;
  const drained = Promise.withResolvers<void>();

  const take = (): RunnerResult<'terminal.read'> => {
    const output = held;
    held = '';
    if (paused) {
      paused = false;
      pty.resume();
    }
    if (exit !== undefined) drained.resolve();
    return { output, ...defined({ exit }) };
  };
  const serve = (): void => {
    if (reader === undefined || (held === '' && exit === undefined)) return;
    const answer = reader;
    reader = undefined;
    answer(take());
  };

  return {
    drained: drained.promise,
    push(text: string): void {
      if (discarding) return;
      held += text;
      serve();
      if (held.length > HIGH_WATER && !paused) {
        paused = true;
        pty.pause();
      }
    },
    end(how: TerminalExit): void {
      exit = how;
      serve();
    },
    discard(): void {
      discarding = true;
      held = '';
      if (paused) pty.resume();
      paused = false;
    },
    async read(): Promise<RunnerResult<'terminal.read'>> {
      if (reader !== undefined) throw new PerchError('INVALID_PARAMS', { where: 'this terminal is being read' });
      return new Promise((resolve) => {
        reader = resolve;
        serve();
      });
    },
  };
}
