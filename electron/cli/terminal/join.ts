import type { TerminalScreen } from '../../../shared/contract/methods/terminals.ts';
import { MAX_TERMINAL_INPUT, type TerminalSize } from '../../../shared/model/terminal.ts';
import type { Output } from './output.ts';
import type { InputStream } from './read-input.ts';

const OTHER_SCREEN = '\u001b[?1049h\u001b[2J';
/** Back, with the keyboard as it was. */
const OWN_SCREEN = '\u001b[?1l\u001b[?2004l\u001b[?1049l';
/** Ctrl+], as in telnet: leaves, whatever the program does. */
const LEAVE = '\u001d';
/** Where a terminal does not say how large it is. */
const USUAL: TerminalSize = { columns: 80, rows: 24 };

/** A program in the core, by whichever methods it is reached. */
interface JoinedProgram<Screen extends TerminalScreen> {
  read(after: number): Promise<Screen>;
  write(data: string): Promise<unknown>;
  resize(size: TerminalSize): Promise<unknown>;
  /** The user wants to leave it. */
  leave(): Promise<unknown>;
}

export const sizeOf = (output: Pick<Output, 'size'>): TerminalSize => output.size() ?? USUAL;

/**
 * The user's own terminal, joined to a program's: keys go there, the screen comes back, until the program has ended,
 * or the user left it. What is painted has passed the same filter as in the window. Rejects with what a read did.
 * @returns the last screen
 */
export async function joinTerminal<Screen extends TerminalScreen>(options: {
  readonly stdin: InputStream;
  readonly output: Output;
  readonly program: JoinedProgram<Screen>;
}): Promise<Screen> {
  const { stdin, output, program } = options;
  let left = false;
  const tell = (work: Promise<unknown>): void => void work.catch(() => {}); // a program that is gone is told by a read
  const send = (data: Buffer | string): void => {
    const typed = String(data);
    if (typed.includes(LEAVE)) {
      left = true;
      tell(program.leave());
      return;
    }
    for (let at = 0; at < typed.length; at += MAX_TERMINAL_INPUT) {
      tell(program.write(typed.slice(at, at + MAX_TERMINAL_INPUT)));
    }
  };
  const offResize = output.onResize(() => tell(program.resize(sizeOf(output))));
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.on('data', send);
  stdin.resume();
  output.write(OTHER_SCREEN);
  let screen: Screen | undefined;
  try {
    for (let after = 0; ; ) {
      screen = await program.read(after);
      output.write(screen.painted);
      after = screen.sequence;
      if (screen.progress.state !== 'running') return screen;
    }
  } catch (error) {
    if (left && screen !== undefined) return screen;
    throw error;
  } finally {
    offResize();
    stdin.off('data', send);
    stdin.setRawMode(false);
    stdin.pause();
    output.write(OWN_SCREEN);
  }
}
