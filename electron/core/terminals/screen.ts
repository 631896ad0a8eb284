import headless, { type Terminal } from '@xterm/headless';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import { type FoundToken, findTokens } from './find-tokens.ts';
import { findLinks } from './links.ts';
import { paintScreen } from './paint.ts';
import type { Place, Row } from './rows.ts';
import type { TokenShape } from './token-shapes.ts';

/** What may be seen of a screen, and what was found on it. */
export interface Look {
  /** Paints the whole screen, tokens withheld. */
  readonly painted: string;
  /** `isOpen`: the cursor stands at its end, so more of it may come. Never leaves the core. */
  readonly tokens: readonly (FoundToken & { readonly isOpen: boolean })[];
  readonly links: readonly string[];
}

/**
 * A terminal without a window: it knows what the program's output amounts to, whatever pieces and sequences it came
 * in. Tokens are looked for on the screen, where they are text again.
 */
export interface Screen {
  /** Resolves when it was taken in. */
  write(output: string): Promise<void>;
  resize(size: TerminalSize): void;
  look(): Look;
  readonly size: TerminalSize;
  dispose(): void;
}

/** @param options.onReply what a terminal answers to a program that asks it something */
export function createScreen(options: {
  size: TerminalSize;
  shapes: readonly TokenShape[];
  onReply: (data: string) => void;
}): Screen {
  const { size, shapes, onReply } = options;
  // Nothing is kept above the screen: what is gone from it needs no second look for tokens.
  const terminal = new headless.Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: 0,
    allowProposedApi: true,
    logLevel: 'off',
  });
  terminal.onData(onReply);
  return {
    write: (output) => new Promise((resolve) => terminal.write(output, resolve)),
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
    look() {
      const rows = rowsOf(terminal);
      const found = findTokens(rows, terminal.cols, shapes);
      const concealed = new Set(found.flatMap(({ shape, places }) => places.slice(shape.lead.length).map(keyOf)));
      return {
        painted: paintScreen(terminal, (row, column) => concealed.has(keyOf({ row, column }))),
        tokens: found.map((token) => ({ ...token, isOpen: isCursorAt(terminal, token.end) })),
        links: findLinks(rows, terminal.cols),
      };
    },
    get size() {
      return { columns: terminal.cols, rows: terminal.rows };
    },
    dispose: () => terminal.dispose(),
  };
}

const keyOf = ({ row, column }: Place) => row * 10_000 + column;

function isCursorAt({ buffer: { active }, cols }: Terminal, end: Place): boolean {
  // After the last column the cursor waits there, until the next character wraps.
  const waiting = active.cursorX >= cols;
  const row = waiting ? active.cursorY + 1 : active.cursorY;
  return row === end.row && (waiting ? 0 : active.cursorX) === end.column;
}

function rowsOf(terminal: Terminal): Row[] {
  const { active } = terminal.buffer;
  const cell = active.getNullCell();
  return Array.from({ length: terminal.rows }, (_, index) => {
    const line = active.getLine(active.baseY + index);
    let text = '';
    for (let column = 0; column < terminal.cols; column++) {
      const chars = line?.getCell(column, cell)?.getChars() ?? '';
      // One character a column, so that a place in the text is a column; no token has others.
      text += chars.length === 1 ? chars : chars === '' ? ' ' : '\ufffd';
    }
    return { text, isWrapped: line?.isWrapped ?? false };
  });
}
