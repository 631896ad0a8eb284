/** Sequences that erase, move, or change the screen, and the return to a line's start: what stood there may be gone after. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is how they begin
const ERASING = /(?:\u001b\[[0-9;]*[A-HJKLMPSTXdf]|\u001bc|\u001b\[\?1049[hl]|\r(?![\r\n]))+/g;

/**
 * Output in pieces, so that no token can come and go within one: cut before whatever may erase, and before more lines
 * than fit. Joined they are the output.
 */
export function* piecesOf(output: string, maxLines: number): Iterable<string> {
  let start = 0;
  for (const { index } of output.matchAll(ERASING)) {
    if (index > start) yield* byLines(output.slice(start, index), maxLines);
    start = index;
  }
  if (start < output.length) yield* byLines(output.slice(start), maxLines);
}

/** Output in pieces of so many lines at most. Joined they are the output. */
export function* byLines(text: string, maxLines: number): Iterable<string> {
  let start = 0;
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines++;
    if (lines < maxLines) continue;
    yield text.slice(start, at + 1);
    start = at + 1;
    lines = 0;
  }
  if (start < text.length) yield text.slice(start);
}
