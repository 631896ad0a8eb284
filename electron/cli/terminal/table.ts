import type { Output, Style } from './output.ts';

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** Columns side by side, two blanks apart, under a dim heading. The last column is as wide as it likes. */
export function writeTable(
  output: Output,
  heading: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
): void {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
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
