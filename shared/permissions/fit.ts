import type { PermissionPart, PermissionView, ShownLine } from './view.ts';
import type { Piece } from './visible.ts';

interface Room {
  readonly lines: number;
  /** UTF-16 units. */
  readonly chars: number;
}

/** The part of a request that fits into a place. */
export interface Fitted {
  readonly parts: readonly PermissionPart[];
  /** UTF-16 units that are not in `parts`; 0: they are whole. */
  readonly moreChars: number;
}

/** Pure. The beginning that fits; folded lines count as one. */
export function fitInto({ parts }: Pick<PermissionView, 'parts'>, room: Room): Fitted {
  let left = { ...room };
  let moreChars = 0;
  const fitted = parts.flatMap((part): PermissionPart[] => {
    const lines: ShownLine[] = [];
    for (const line of part.lines) {
      const chars = lengthOf(line.pieces);
      if (left.lines <= 0 || left.chars <= 0) {
        moreChars += chars + 1;
        continue;
      }
      const shown = chars <= left.chars ? line : { ...line, pieces: cut(line.pieces, left.chars) };
      moreChars += chars - lengthOf(shown.pieces);
      lines.push(shown);
      left = { lines: left.lines - 1, chars: left.chars - lengthOf(shown.pieces) - 1 };
    }
    return lines.length === 0 && part.lines.length > 0 ? [] : [{ ...part, lines }];
  });
  return { parts: fitted, moreChars };
}

export function textOfLine({ mark, pieces }: ShownLine): string {
  const text = textOfPieces(pieces);
  return mark === '' ? text : `${mark} ${text}`;
}

export function textOfPieces(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

/** What the request is about, without labels, for places that have a few lines: a notification, a list. */
export function excerptOf(view: PermissionView, room: Room): { readonly text: string; readonly moreChars: number } {
  const title = view.title.length === 0 ? [] : [{ mark: '', pieces: view.title }];
  const asked: PermissionPart = { label: { part: 'title' }, look: 'words', lines: title };
  const { parts, moreChars } = fitInto({ parts: [asked, ...view.parts] }, room);
  const lines = parts.flatMap(({ path, lines: own }) => [
    ...(path === undefined ? [] : [textOfPieces(path)]),
    ...own.map((line) => (line.folded === undefined ? textOfLine(line) : line.mark)),
  ]);
  return { text: lines.join('\n'), moreChars: moreChars + view.omittedChars };
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

function cut(pieces: readonly Piece[], chars: number): Piece[] {
  let left = chars;
  return pieces.flatMap((piece) => {
    const text = piece.text.slice(0, left);
    left -= text.length;
    return text === '' ? [] : [{ ...piece, text }];
  });
}
