import type { TerminalProgress, TerminalScreen } from '../../../shared/contract/methods/terminals.ts';
import { toWireError } from '../../../shared/errors/perch-error.ts';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import type { Look, Screen } from './screen.ts';

/** Milliseconds after which a reader is answered although nothing changed: a door's call must not last for ever. */
const READ_LIMIT_MS = 20_000;

/** A program in the runner. */
export interface TerminalProgram {
  read(): Promise<RunnerResult<'terminal.read'>>;
  write(data: string): Promise<unknown>;
  resize(size: TerminalSize): Promise<unknown>;
}

export interface FollowedProgram {
  /** The screen once it is another than `after`, or after some seconds. */
  read(after: number): Promise<TerminalScreen>;
  /** Shows this screen to every reader that waits for another one. */
  answerReaders(): void;
  /** Releases the readers that wait for another screen. */
  close(): void;
  write(data: string): Promise<void>;
  resize(size: TerminalSize): Promise<void>;
  /** There is something new to see. */
  changed(): void;
  readonly progress: TerminalProgress;
  /** When the program is gone and all of its output was taken in. Never rejects. */
  readonly settled: Promise<void>;
}

/** Reads a program's output to its end, and shows its screen to its readers. */
export function followProgram(options: {
  readonly program: TerminalProgram;
  readonly screen: Screen;
  readonly clock: Clock;
  /** Brings output on to the screen; answers how that looks then. */
  readonly takeIn: (output: string) => Promise<Look>;
  /** Called after the last of the output; the end is told when it is done. */
  readonly atEnd: () => Promise<void>;
}): FollowedProgram {
  const { program, screen, clock, takeIn, atEnd } = options;
  const readers = new Set<() => void>();
  let look = screen.look();
  let sequence = 1;
  let progress: TerminalProgress = { state: 'running' };
  let closed = false;

  const answerReaders = (): void => {
    for (const answer of [...readers]) answer();
  };
  const changed = (): void => {
    sequence++;
    answerReaders();
  };
  const seen = (): TerminalScreen => ({
    sequence,
    painted: look.painted,
    size: screen.size,
    links: [...look.links],
    progress,
  });
  const follow = async (): Promise<void> => {
    let end: TerminalProgress;
    try {
      for (;;) {
        const { output, exit } = await program.read();
        if (output !== '') {
          look = await takeIn(output);
          changed();
        }
        if (exit === undefined) continue;
        end = { state: 'ended', exitCode: exit.exitCode };
        break;
      }
    } catch (error) {
      end = { state: 'lost', error: toWireError(error) };
    }
    await atEnd();
    progress = end;
    changed();
  };

  return {
    read: (after) => {
      if (sequence > after || closed) return Promise.resolve(seen());
      return new Promise((resolve) => {
        const answer = (): void => {
          stopWaiting();
          readers.delete(answer);
          resolve(seen());
        };
        const stopWaiting = clock.after(READ_LIMIT_MS, answer);
        readers.add(answer);
      });
    },
    answerReaders,
    close() {
      closed = true;
      answerReaders();
    },
    async write(data) {
      if (progress.state === 'running') await program.write(data);
    },
    async resize(size) {
      if (progress.state !== 'running') return;
      screen.resize(size);
      look = screen.look();
      changed();
      await program.resize(size);
    },
    changed,
    get progress() {
      return progress;
    },
    settled: follow(),
  };
}
