/**
 * A password input silently drops line breaks, and with them the very thing to warn about: a token that wrapped.
 * So the input holds a stand-in for each break, and the draft the real text.
 */
const LINE_FEED = '\u2424';
const CARRIAGE_RETURN = '\u240d';

export function toField(value: string): string {
  return value.replaceAll('\n', LINE_FEED).replaceAll('\r', CARRIAGE_RETURN);
}

export function fromField(field: string): string {
  return field.replaceAll(LINE_FEED, '\n').replaceAll(CARRIAGE_RETURN, '\r');
}

/** The text after `pasted` took the place of what was selected. Positions count characters of the field. */
export function insertAt(
  field: string,
  selection: { readonly start: number; readonly end: number },
  pasted: string,
): string {
  return field.slice(0, selection.start) + toField(pasted) + field.slice(selection.end);
}
