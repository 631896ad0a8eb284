import { type Output, type Style, terminalSafe } from './output.ts';

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/**
 * Columns side by side, two blanks apart, under a dim heading. The last column is as wide as it likes. A cell is one
 * line of what a terminal does not obey, whatever its text: names of folders are in tables too.
 */
export function writeTable(
  output: Output,
  heading: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
): void {
  const cells = rows.map((row) => row.map(cleaned));
  const titles = heading.map((text): Cell => ({ text, style: 'dim' }));
  const widths = heading.map((_, column) =>
    Math.max(...[titles, ...cells].map((row) => row[column]?.text.length ?? 0)),
  );
  for (const row of [titles, ...cells]) {
    const last = row.findLastIndex(({ text }) => text !== '');
    const shown = row.slice(0, last + 1).map((cell, column) => {
      const text = column === last ? cell.text : cell.text.padEnd((widths[column] ?? 0) + 2);
      return cell.style === undefined ? text : output.style(cell.style, text);
    });
    output.line(shown.join(''));
  }
}

function cleaned(cell: Cell | string): Cell {
  const { text, ...rest } = typeof cell === 'string' ? { text: cell } : cell;
  return { ...rest, text: terminalSafe(text).replace(/[\n\t]/g, ' ') };
}
