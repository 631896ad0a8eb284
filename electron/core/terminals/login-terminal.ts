import type { TerminalCapture, TerminalProgress } from '../../../shared/contract/methods/terminals.ts';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { toWireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialStorage } from '../../../shared/model/credential.ts';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../ports.ts';
import type { Provider } from '../providers/provider.ts';
import { type Capture, createCapture } from './capture.ts';
import { piecesOf } from './pieces.ts';
import { createScreen } from './screen.ts';
import type { TokenShape } from './token-shapes.ts';

/** Milliseconds after which a reader is answered although nothing changed: a door's call must not last for ever. */
const READ_LIMIT_MS = 20_000;

/** A program in the runner. */
export interface TerminalProgram {
  read(): Promise<RunnerResult<'terminal.read'>>;
  write(data: string): Promise<unknown>;
  resize(size: TerminalSize): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Which token a login prints, and how it is stored. */
export interface CaptureTarget {
  readonly provider: Pick<Provider, 'variables' | 'keyShapes'>;
  readonly variable: string;
  readonly storage: CredentialStorage;
  store(value: string, storage: CredentialStorage): Promise<Result<'credentials.set'>>;
  /** From now on the value is masked in all that Perch writes; returns the way to take that back. */
  mask(value: string): () => void;
}

export interface LoginTerminal {
  /** One reader at a time: a second one sends the first away. */
  read(params: Pick<Params<'terminals.read'>, 'after'>): Promise<Result<'terminals.read'>>;
  write(data: string): Promise<void>;
  resize(size: TerminalSize): Promise<void>;
  /** Stores the held token again; does nothing without one. */
  store(storage: CredentialStorage): Promise<void>;
  readonly progress: TerminalProgress;
  readonly capture: TerminalCapture;
  /** When the program is gone and its token, if there was one, was stored or refused. Never rejects. */
  readonly settled: Promise<void>;
  close(): Promise<void>;
}

/** Keeps the screen of a program, withholds every token from it, and stores the one that the login is about (R12). */
export function createLoginTerminal(options: {
  program: TerminalProgram;
  size: TerminalSize;
  shapes: readonly TokenShape[];
  target: CaptureTarget | undefined;
  clock: Clock;
}): LoginTerminal {
  const { program, target, clock } = options;
  const recogniser: Capture | undefined = target && createCapture(target.provider, target.variable);
  const screen = createScreen({
    size: options.size,
    shapes: options.shapes,
    onReply: (data) => void program.write(data).catch(() => {}), // a program that is gone needs no answer
  });
  let look = screen.look();
  let sequence = 1;
  let progress: TerminalProgress = { state: 'running' };
  let capture: TerminalCapture = { state: 'none' };
  let held: { value: string; unmask: () => void } | undefined;
  let storing: Promise<void> = Promise.resolve();
  let answerReader = () => {};
  let closed = false;

  const changed = (): void => {
    sequence++;
    answerReader();
  };
  const view = (): Result<'terminals.read'> => ({
    sequence,
    painted: look.painted,
    size: screen.size,
    links: [...look.links],
    progress,
    capture,
  });

  const storeHeld = async (storage: CredentialStorage): Promise<void> => {
    const taken = held;
    if (taken === undefined || target === undefined) return;
    capture = { state: 'storing' };
    changed();
    try {
      const { credential, replaced } = await target.store(taken.value, storage);
      capture = { state: 'stored', credential, replaced };
      if (held === taken) forget();
    } catch (error) {
      capture = { state: 'failed', error: toWireError(error) };
    }
    changed();
  };
  const forget = (): void => {
    const gone = held;
    held = undefined;
    // In the next turn of the event loop: who hears of it now may still write about it.
    if (gone !== undefined) setImmediate(gone.unmask);
  };
  const consider = (isAtBreak: boolean): void => {
    look = screen.look();
    const value = recogniser?.take(look.tokens, isAtBreak);
    if (value === undefined || target === undefined) return;
    forget();
    held = { value, unmask: target.mask(value) };
    storing = storing.then(() => storeHeld(target.storage));
  };
  const takeIn = async (output: string): Promise<void> => {
    const pieces = [...piecesOf(output, Math.max(1, Math.floor(screen.size.rows / 2)))];
    for (const [index, piece] of pieces.entries()) {
      await screen.write(piece);
      consider(index < pieces.length - 1);
    }
    changed();
  };
  const follow = async (): Promise<void> => {
    try {
      for (;;) {
        const { output, exit } = await program.read();
        if (output !== '') await takeIn(output);
        if (exit === undefined) continue;
        consider(true);
        await storing;
        progress = { state: 'ended', exitCode: exit.exitCode };
        return;
      }
    } catch (error) {
      await storing;
      progress = { state: 'lost', error: toWireError(error) };
    } finally {
      changed();
    }
  };
  const settled = follow();

  return {
    async read({ after }) {
      answerReader();
      if (sequence > after || closed) return view();
      return new Promise((resolve) => {
        const answer = (): void => {
          stopWaiting();
          answerReader = () => {};
          resolve(view());
        };
        const stopWaiting = clock.after(READ_LIMIT_MS, answer);
        answerReader = answer;
      });
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
    async store(storage) {
      storing = storing.then(() => storeHeld(storage));
      await storing;
    },
    get progress() {
      return progress;
    },
    get capture() {
      return capture;
    },
    settled,
    async close() {
      closed = true;
      await program.close().catch(() => {}); // a runner that is gone took it along
      await settled;
      forget();
      screen.dispose();
      answerReader();
    },
  };
}
