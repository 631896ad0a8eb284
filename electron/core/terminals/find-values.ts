import type { TextRange } from '../../../shared/redaction/scanner.ts';
import { contentOf, linesOf, type Place, type Row } from './rows.ts';

/**
 * The places that show something which `find` finds in a text: on one line, or broken over several by the terminal or
 * by the program itself, in a frame or not.
 */
export function findValues(
  rows: readonly Row[],
  columns: number,
  find: (text: string) => readonly TextRange[],
): Place[] {
  const lines = linesOf(rows, columns);
  const starts: number[] = [];
  let text = '';
  const contents = lines.map((line) => {
    const { start, end } = contentOf(line.text);
    starts.push(text.length);
    text += line.text.slice(start, end);
    return { line, start, end };
  });
  const found = find(text);
  if (found.length === 0) return [];
  return contents.flatMap(({ line, start, end }, at) => {
    const from = starts[at] ?? 0;
    return found.flatMap((range) => {
      const first = Math.max(range.start - from, 0);
      const last = Math.min(range.end - from, end - start);
      return Array.from({ length: Math.max(0, last - first) }, (_, index) => line.place(start + first + index));
    });
  });
}
