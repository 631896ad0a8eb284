/** A stretch of text as it is shown; `escaped`: it stands for a character that would not be seen as what it is. */
export interface Piece {
  readonly text: string;
  readonly escaped: boolean;
}

/**
 * Characters that are not seen as what they are: controls, marks that turn the direction of text, spaces other than the
 * space, everything that Unicode lets a font leave out, private and unassigned ones, halves of surrogate pairs, and the
 * empty braille cell. Line breaks and tabs stay, and so does what joins the parts of an emoji.
 */
const UNSEEN = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** More marks than that on one letter reach over the lines around it. */
const PILED = /(?<=\p{M}{4})\p{M}/u;
/** A joiner between two pictures, a selector behind one: parts of an emoji, which is seen. */
const IN_EMOJI =
  /(?<=\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f)?)(?:\u200d(?=\p{Extended_Pictographic})|\ufe0f)/u;
const SHOWN_AS_CODE = new RegExp(`${IN_EMOJI.source}|(?<unseen>${UNSEEN.source}|${PILED.source})`, 'gu');

/** Text of an agent as what it is: what would be obeyed, hidden or mistaken stands there as its code, `\u202e`. */
export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(SHOWN_AS_CODE)) {
    const [char] = match;
    if (match.groups?.unseen === undefined) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), escaped: false });
    const code = codeOf(char);
    const last = pieces.at(-1);
    if (last?.escaped === true) pieces[pieces.length - 1] = { text: last.text + code, escaped: true };
    else pieces.push({ text: code, escaped: true });
    from = match.index + char.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), escaped: false });
  return pieces;
}

/** The visible form as one text. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join('');
}

function codeOf(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (char === '\r') return '\\r';
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
