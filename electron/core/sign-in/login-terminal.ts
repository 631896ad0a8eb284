import type { TerminalCapture, TerminalProgress } from '../../../shared/contract/methods/terminals.ts';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { toWireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialStorage } from '../../../shared/model/credential.ts';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import type { Clock } from '../../node/clock.ts';
import type { Provider } from '../providers/provider.ts';
import { followProgram, type TerminalProgram } from '../terminals/followed-program.ts';
import { piecesOf } from '../terminals/pieces.ts';
import { createScreen, type Look } from '../terminals/screen.ts';
import type { TokenShape } from '../terminals/token-shapes.ts';
import { type Capture, createCapture } from './capture.ts';

/** A program that a login ends with its terminal. */
export interface LoginProgram extends TerminalProgram {
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
  /** Serves one reader at a time: a second one sends the first away. */
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

/** Keeps the screen of a program, withholds every token from it, and stores the token of the login. */
export function createLoginTerminal(options: {
  program: LoginProgram;
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
  let capture: TerminalCapture = { state: 'none' };
  let held: { value: string; unmask: () => void } | undefined;
  let storing: Promise<void> = Promise.resolve();

  const storeHeld = async (storage: CredentialStorage): Promise<void> => {
    const taken = held;
    if (taken === undefined || target === undefined) return;
    capture = { state: 'storing' };
    followed.changed();
    try {
      const { credential, replaced } = await target.store(taken.value, storage);
      capture = { state: 'stored', credential, replaced };
      if (held === taken) forget();
    } catch (error) {
      capture = { state: 'failed', error: toWireError(error) };
    }
    followed.changed();
  };
  const forget = (): void => {
    const gone = held;
    held = undefined;
    // In the next turn of the event loop: who hears of it now may still write about it.
    if (gone !== undefined) setImmediate(gone.unmask);
  };
  const consider = (isAtBreak: boolean): Look => {
    const look = screen.look();
    const value = recogniser?.take(look.tokens, isAtBreak);
    if (value === undefined || target === undefined) return look;
    forget();
    held = { value, unmask: target.mask(value) };
    storing = storing.then(() => storeHeld(target.storage));
    return look;
  };
  const followed = followProgram({
    program,
    screen,
    clock,
    async takeIn(output) {
      let look = screen.look();
      const pieces = [...piecesOf(output, Math.max(1, Math.floor(screen.size.rows / 2)))];
      for (const [index, piece] of pieces.entries()) {
        await screen.write(piece);
        look = consider(index < pieces.length - 1);
      }
      return look;
    },
    async atEnd() {
      consider(true);
      await storing;
    },
  });

  return {
    async read({ after }) {
      followed.answerReaders();
      return { ...(await followed.read(after)), capture };
    },
    write: followed.write,
    resize: followed.resize,
    async store(storage) {
      storing = storing.then(() => storeHeld(storage));
      await storing;
    },
    get progress() {
      return followed.progress;
    },
    get capture() {
      return capture;
    },
    settled: followed.settled,
    async close() {
      followed.close();
      await program.close().catch(() => {}); // a runner that is gone took it along
      await followed.settled;
      forget();
      screen.dispose();
    },
  };
}
