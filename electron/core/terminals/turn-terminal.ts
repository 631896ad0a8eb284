import { FIRST_TERMINAL_SIZE } from '../../../shared/model/terminal.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import type { Clock } from '../../node/clock.ts';
import { type FollowedProgram, followProgram, type TerminalProgram } from './followed-program.ts';
import { byLines } from './pieces.ts';
import { createScreen } from './screen.ts';
import type { TokenShape } from './token-shapes.ts';

/** Lines that are brought on to the screen before their text is taken. */
const LINES_AT_ONCE = 400;
/** Characters of a turn that are kept; the last screen comes on top. */
const MAX_KEPT_CHARS = 1024 * 1024;
/** Milliseconds that a program may take to say something before the prompt is typed all the same. */
const SILENT_START_MS = 1000;

/** The terminal of a turn: a program that people type into, and whose text is kept. */
export type TurnTerminal = Pick<FollowedProgram, 'read' | 'write' | 'resize' | 'settled' | 'close'>;

interface TurnTerminalOptions {
  readonly program: TerminalProgram;
  /** Typed once the program is there, and sent off. Empty: nothing. */
  readonly prompt: string;
  /** The shapes of every provider's keys. */
  readonly shapes: readonly TokenShape[];
  /** The values that the session holds. None of them is shown or told, in whichever encoding. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  /** Text that will not change any more. May throw: then nothing more is read. */
  readonly onText: (text: string) => void;
  /** More was written than is kept: `onText` hears no more of it but the last screen. */
  readonly onCut: () => void;
}

export function createTurnTerminal(options: TurnTerminalOptions): TurnTerminal {
  const { program, prompt, clock } = options;
  const redactor = createRedactor({ shapes: [] });
  for (const value of options.secrets) redactor.add(value);
  const send = (data: string): void => void program.write(data).catch(() => {}); // a program that is gone hears nothing
  const screen = createScreen({
    size: FIRST_TERMINAL_SIZE,
    shapes: options.shapes,
    findSecrets: redactor.find,
    kept: 2 * LINES_AT_ONCE,
    onReply: send,
  });
  const keep = keeping(options);
  const typePrompt = once(() => {
    if (prompt !== '') send(`${screen.takesPastes ? `\u001b[200~${prompt}\u001b[201~` : asKeys(prompt)}\r`);
  });
  const stopWaiting = clock.after(SILENT_START_MS, typePrompt);
  const followed = followProgram({
    program,
    screen,
    clock,
    async takeIn(output) {
      for (const piece of byLines(output, LINES_AT_ONCE)) {
        await screen.write(piece);
        keep(screen.takeText());
      }
      typePrompt();
      return screen.look();
    },
    async atEnd() {
      stopWaiting();
      const rest = screen.takeText({ all: true });
      if (rest !== '') options.onText(`${rest}\n`);
      screen.dispose();
    },
  });
  return followed;
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}

/** A line break becomes a carriage return, which is the Enter key. */
const asKeys = (text: string): string => text.replaceAll(/\r?\n/g, '\r');

function keeping({ onText, onCut }: TurnTerminalOptions): (text: string) => void {
  let kept = 0;
  return (text) => {
    if (text === '' || kept > MAX_KEPT_CHARS) return;
    kept += text.length;
    if (kept > MAX_KEPT_CHARS) onCut();
    else onText(text);
  };
}
