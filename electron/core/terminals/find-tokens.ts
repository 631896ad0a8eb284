import { contentOf, type Line, linesOf, type Place, type Row } from './rows.ts';
import type { TokenShape } from './token-shapes.ts';

/** A token on a screen, wherever its pieces stand. */
export interface FoundToken {
  readonly shape: TokenShape;
  /** The token as one text, lead included. */
  readonly value: string;
  /** Where its characters stand, the lead's included, in order. */
  readonly places: readonly Place[];
  /** Where its next character would stand. */
  readonly end: Place;
}

/** A lead that is cut by the end of a line counts when this much of a token follows on the next. */
const AFTER_CUT_LEAD = 4;

/**
 * The tokens on a screen, as text again however they came there: pieces that the terminal wrapped are joined, and so
 * is what a program wrapped itself, in a frame or not, until the token has its length.
 */
export function findTokens(rows: readonly Row[], columns: number, shapes: readonly TokenShape[]): FoundToken[] {
  const lines = linesOf(rows, columns);
  const found: FoundToken[] = [];
  lines.forEach((line, at) => {
    const taken = new Set<number>();
    for (const shape of shapes) {
      for (const start of startsOf(line.text, shape)) {
        if (taken.has(start)) continue;
        const token = follow({ lines, at, shape, start, leadEnd: start + shape.lead.length });
        if (token.value.length < shape.lead.length + shape.min) continue;
        for (let index = start; index < start + token.value.length; index++) taken.add(index);
        found.push(token);
      }
      const cut = cutLead(lines, at, shape);
      if (cut !== undefined && !taken.has(cut.start)) found.push(cut.token);
    }
  });
  return found;
}

function* startsOf(text: string, shape: TokenShape): Iterable<number> {
  for (let at = text.indexOf(shape.lead); at >= 0; at = text.indexOf(shape.lead, at + 1)) {
    if (!shape.atWordStart || !/[A-Za-z0-9]/.test(text.charAt(at - 1))) yield at;
  }
}

interface Way {
  readonly lines: readonly Line[];
  readonly at: number;
  readonly shape: TokenShape;
  readonly start: number;
  /** Where the token goes on after its lead. */
  readonly leadEnd: number;
}

function follow({ lines, at, shape, start, leadEnd }: Way): FoundToken {
  const places: Place[] = [];
  let value = '';
  let line = lines[at];
  let index = start;
  let end: Place = { row: 0, column: 0 };
  for (let next = at; line !== undefined; ) {
    const content = contentOf(line.text);
    while (index < content.end && (index < leadEnd || shape.includes(line.text.charAt(index)))) {
      value += line.text.charAt(index);
      places.push(line.place(index));
      index++;
    }
    end = line.place(index);
    if (index < content.end || value.length >= shape.length) break;
    next++;
    const following: Line | undefined = lines[next];
    const begin = following === undefined ? undefined : contentOf(following.text).start;
    if (following === undefined || begin === undefined || !shape.includes(following.text.charAt(begin))) break;
    line = following;
    index = begin;
    leadEnd = 0;
  }
  return { shape, value, places, end };
}

/** The lead itself may have been cut by the end of a line. */
function cutLead(
  lines: readonly Line[],
  at: number,
  shape: TokenShape,
): { readonly start: number; readonly token: FoundToken } | undefined {
  const [line, following] = [lines[at], lines[at + 1]];
  if (line === undefined || following === undefined) return undefined;
  const { end } = contentOf(line.text);
  const begin = contentOf(following.text).start;
  for (let taken = shape.lead.length - 1; taken > 0; taken--) {
    const start = end - taken;
    if (start < 0 || line.text.slice(start, end) !== shape.lead.slice(0, taken)) continue;
    if (!following.text.startsWith(shape.lead.slice(taken), begin)) continue;
    const rest = follow({ lines, at: at + 1, shape, start: begin, leadEnd: begin + shape.lead.length - taken });
    const value = line.text.slice(start, end) + rest.value;
    if (value.length < shape.lead.length + Math.max(shape.min, AFTER_CUT_LEAD)) continue;
    const places = Array.from({ length: taken }, (_, offset) => line.place(start + offset));
    return { start, token: { ...rest, value, places: [...places, ...rest.places] } };
  }
  return undefined;
}
