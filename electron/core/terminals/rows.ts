/** A row of a screen: one character a column, blanks where nothing is. */
export interface Row {
  readonly text: string;
  /** The row continues the one before, because the terminal's width was reached. */
  readonly isWrapped: boolean;
}

/** A place of a screen. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Rows that the terminal itself wrapped, as one text again; and where each of its characters stands. */
export interface Line {
  readonly text: string;
  readonly firstRow: number;
  readonly lastRow: number;
  place(index: number): Place;
}

export function linesOf(rows: readonly Row[], columns: number): Line[] {
  const lines: Line[] = [];
  for (let first = 0; first < rows.length; ) {
    let next = first + 1;
    while (rows[next]?.isWrapped) next++;
    const firstRow = first;
    lines.push({
      text: rows
        .slice(first, next)
        .map(({ text }) => text.padEnd(columns))
        .join(''),
      firstRow,
      lastRow: next - 1,
      place: (index) => ({ row: firstRow + Math.floor(index / columns), column: index % columns }),
    });
    first = next;
  }
  return lines;
}

/** Blanks, and the frames that programs draw around their texts. */
const FRAME = '[\\s\\u2500-\\u259f|]';
const FRAME_BEFORE = new RegExp(`^${FRAME}*`);
const FRAME_AFTER = new RegExp(`${FRAME}*$`);

/** Where what a line says begins and ends, without a frame around it. */
export function contentOf(text: string): { readonly start: number; readonly end: number } {
  const end = text.length - (FRAME_AFTER.exec(text)?.[0].length ?? 0);
  return { start: Math.min(end, FRAME_BEFORE.exec(text)?.[0].length ?? 0), end };
}
