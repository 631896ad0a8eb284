import headless, { type IMarker, type Terminal } from '@xterm/headless';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import type { TextRange } from '../../../shared/redaction/scanner.ts';
import { type FoundToken, findTokens } from './find-tokens.ts';
import { findValues } from './find-values.ts';
import { findLinks } from './links.ts';
import { CONCEALED, paintScreen } from './paint.ts';
import type { Place, Row } from './rows.ts';
import type { TokenShape } from './token-shapes.ts';

/** The visible part of a screen, and the tokens found on it. */
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
  /**
   * The text of the lines that went off the screen at its top since the last call, tokens withheld; nothing without
   * `kept` lines. `all`: of those that are still on it as well.
   */
  takeText(options?: { readonly all?: boolean }): string;
  /** The program wants to know what is pasted from what is typed. */
  readonly takesPastes: boolean;
  readonly size: TerminalSize;
  dispose(): void;
}

interface ScreenOptions {
  readonly size: TerminalSize;
  readonly shapes: readonly TokenShape[];
  /** Where in a text a known secret stands. Absent: none is known. */
  readonly findSecrets?: (text: string) => readonly TextRange[];
  /** Lines above the screen that `takeText` may find; more must not come between two calls. Absent: none. */
  readonly kept?: number;
  /** The terminal's answer to a program that asks it something. */
  readonly onReply: (data: string) => void;
}

/** Lines above those that are taken, in which a token may have begun. */
const CONTEXT_LINES = 20;

export function createScreen(options: ScreenOptions): Screen {
  const { size, shapes, findSecrets, kept = 0, onReply } = options;
  const terminal = new headless.Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: kept === 0 ? 0 : kept + CONTEXT_LINES,
    allowProposedApi: true,
    logLevel: 'off',
  });
  terminal.onData(onReply);
  /** The first line whose text was not taken. */
  let untaken: IMarker | undefined;

  /** The withheld columns of some rows; a row is named by its index among them. */
  const conceal = (rows: readonly Row[]) => {
    const tokens = findTokens(rows, terminal.cols, shapes);
    const secrets = findSecrets === undefined ? [] : findValues(rows, terminal.cols, findSecrets);
    const places = [...tokens.flatMap(({ shape, places }) => places.slice(shape.lead.length)), ...secrets];
    const concealed = new Set(places.map(keyOf));
    return { tokens, isConcealed: (row: number, column: number) => concealed.has(keyOf({ row, column })) };
  };
  const textOf = (first: number, end: number): string => {
    const from = Math.max(0, first - CONTEXT_LINES);
    const rows = rowsOf(terminal, from, Math.max(end, terminal.buffer.active.baseY + terminal.rows) - from);
    const { isConcealed } = conceal(rows);
    let text = '';
    for (let row = first; row < end; row++) {
      const shown = shownText(terminal, row, (column) => isConcealed(row - from, column));
      const goesOn = rows[row + 1 - from]?.isWrapped === true;
      text += goesOn ? shown : `${shown.trimEnd()}\n`;
    }
    return text;
  };
  /** A line that the terminal wrapped is taken whole, unless it fills more than there is. */
  const wholeLines = (first: number, end: number): number => {
    let whole = end;
    while (whole > first && terminal.buffer.active.getLine(whole)?.isWrapped === true) whole--;
    return whole === first ? end : whole;
  };

  return {
    write: (output) => new Promise((resolve) => terminal.write(output, resolve)),
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
    look() {
      const rows = rowsOf(terminal, terminal.buffer.active.baseY, terminal.rows);
      const { tokens, isConcealed } = conceal(rows);
      return {
        painted: paintScreen(terminal, isConcealed),
        tokens: tokens.map((token) => ({ ...token, isOpen: isCursorAt(terminal, token.end) })),
        links: findLinks(rows, terminal.cols),
      };
    },
    takeText({ all = false } = {}) {
      const { active } = terminal.buffer;
      // A program that has the screen to itself leaves nothing above it.
      if (active.type === 'alternate') return all ? textOf(0, terminal.rows).trimEnd() : '';
      const first = Math.max(0, untaken?.line ?? 0);
      const end = all ? active.baseY + terminal.rows : wholeLines(first, active.baseY);
      if (end <= first) return '';
      const text = textOf(first, end);
      untaken?.dispose();
      untaken = terminal.registerMarker(end - active.baseY - active.cursorY);
      return all ? text.trimEnd() : text;
    },
    get takesPastes() {
      return terminal.modes.bracketedPasteMode;
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

function rowsOf(terminal: Terminal, first: number, count: number): Row[] {
  const { active } = terminal.buffer;
  const cell = active.getNullCell();
  return Array.from({ length: count }, (_, index) => {
    const line = active.getLine(first + index);
    let text = '';
    for (let column = 0; column < terminal.cols; column++) {
      const chars = line?.getCell(column, cell)?.getChars() ?? '';
      // A character per column, so that an index in the text is a column; no token has others.
      text += chars.length === 1 ? chars : chars === '' ? ' ' : '\ufffd';
    }
    return { text, isWrapped: line?.isWrapped ?? false };
  });
}

/** A row as it reads, whatever its characters are made of. */
function shownText(terminal: Terminal, row: number, isConcealed: (column: number) => boolean): string {
  const { active } = terminal.buffer;
  const line = active.getLine(row);
  const cell = active.getNullCell();
  let text = '';
  for (let column = 0; column < terminal.cols; column++) {
    const shown = line?.getCell(column, cell);
    // The second half of a wide character.
    if (shown === undefined || shown.getWidth() === 0) continue;
    text += isConcealed(column) ? CONCEALED : shown.getChars() || ' ';
  }
  return text;
}
