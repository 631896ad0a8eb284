/** A character of a value that no header can carry, and where it stands. Lines and columns count from 1. */
interface Unsendable {
  readonly character: string;
  /** `U+201C` */
  readonly code: string;
  readonly kind: 'control' | 'quote' | 'dash' | 'invisible' | 'other';
  /** Place in the text, in UTF-16 units. */
  readonly at: number;
  readonly line: number;
  readonly column: number;
  /** How many there are. */
  readonly count: number;
}

/** Line breaks can belong to a secret; any other control character, and all that Latin-1 lacks, cannot. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSENDABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[^\x00-\xff]/gu;

/**
 * True when an HTTP header can carry the value: RFC 9110 field content, and Latin-1, which is how clients
 * encode it.
 */
export function isSendable(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]+$/.test(value);
}

/** The first one. Line breaks are none: what they mean is told as a broken line. */
export function firstUnsendable(text: string): Unsendable | undefined {
  const found = [...text.matchAll(UNSENDABLE)];
  const [first] = found;
  if (first === undefined) return undefined;
  const [character] = first;
  const lines = text.slice(0, first.index).split(/\r\n|\r|\n/);
  return {
    character,
    code: codeOf(character),
    kind: kindOf(character),
    at: first.index,
    line: lines.length,
    column: (lines.at(-1) ?? '').length + 1,
    count: found.length,
  };
}

/** As Unicode writes it. */
function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function kindOf(character: string): Unsendable['kind'] {
  if (/\p{Cc}/u.test(character)) return 'control';
  if (/[\p{Pi}\p{Pf}\u201a\u201e\u2032-\u2037]/u.test(character)) return 'quote';
  if (/[\p{Pd}\u2212]/u.test(character)) return 'dash';
  return /[\p{Cf}\p{Z}\p{Cn}\p{Co}\p{Cs}]/u.test(character) ? 'invisible' : 'other';
}
