import type { IBufferCell, IBufferLine, Terminal } from '@xterm/headless';

/** Stands for a withheld character. */
export const CONCEALED = '•';
const RESET = '\u001b[0m';

/**
 * A whole screen as the sequence that paints it anew, made of what its cells show: nothing that the program wrote
 * passes through as it was. `isConcealed` says which cells are withheld.
 */
export function paintScreen(terminal: Terminal, isConcealed: (row: number, column: number) => boolean): string {
  const { active } = terminal.buffer;
  const rows = Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return line === undefined ? '' : paintRow(line, terminal.cols, (column) => isConcealed(row, column));
  });
  const cursor = `\u001b[${active.cursorY + 1};${Math.min(active.cursorX, terminal.cols - 1) + 1}H`;
  return `\u001b[?25l\u001b[H${rows.map((row) => `${row}${RESET}\u001b[K`).join('\r\n')}${modes(terminal)}${cursor}\u001b[?25h`;
}

/** How the keyboard speaks to the program. */
function modes({ modes: mode }: Terminal): string {
  const set = (name: string, on: boolean) => `\u001b[?${name}${on ? 'h' : 'l'}`;
  return `${set('1', mode.applicationCursorKeysMode)}${set('2004', mode.bracketedPasteMode)}`;
}

function paintRow(line: IBufferLine, columns: number, isConcealed: (column: number) => boolean): string {
  let painted = '';
  let style = '';
  let blanks = '';
  let reused: IBufferCell | undefined;
  for (let column = 0; column < columns; column++) {
    reused = line.getCell(column, reused);
    const cell = reused;
    // The second half of a wide character.
    if (cell === undefined || cell.getWidth() === 0) continue;
    const shown = isConcealed(column) ? CONCEALED : cell.getChars();
    const now = styleOf(cell);
    if (shown === '' && now === '') {
      blanks += ' ';
      continue;
    }
    // Blanks at the end of a row are nothing.
    if (blanks !== '') painted += `${style === '' ? '' : RESET}${blanks}`;
    if (now !== style || (blanks !== '' && now !== '')) painted += `${RESET}${now}`;
    blanks = '';
    style = now;
    painted += shown === '' ? ' ' : shown;
  }
  return painted;
}

function styleOf(cell: IBufferCell): string {
  const codes: (number | string)[] = [];
  if (cell.isBold()) codes.push(1);
  if (cell.isDim()) codes.push(2);
  if (cell.isItalic()) codes.push(3);
  if (cell.isUnderline()) codes.push(4);
  if (cell.isInverse()) codes.push(7);
  if (cell.isStrikethrough()) codes.push(9);
  if (!cell.isFgDefault()) codes.push(colour(38, cell.getFgColor(), cell.isFgRGB()));
  if (!cell.isBgDefault()) codes.push(colour(48, cell.getBgColor(), cell.isBgRGB()));
  return codes.length === 0 ? '' : `\u001b[${codes.join(';')}m`;
}

/** From the palette of 256: the window's terminal cannot show others under its content security policy. */
function colour(kind: 38 | 48, value: number, isRgb: boolean): string {
  if (!isRgb) return `${kind};5;${value}`;
  const part = (shift: number) => Math.round((((value >> shift) & 255) / 255) * 5);
  return `${kind};5;${16 + 36 * part(16) + 6 * part(8) + part(0)}`;
}
