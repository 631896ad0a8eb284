import { type Finding, finding } from './finding.ts';

const LINE_BREAK = /\r\n|\r|\n/g;
const NO_BREAK_SPACES = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;
/** Characters of no width, soft hyphens and marks of direction: what chats and PDFs put into a copied text. */
const ZERO_WIDTH = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const BLANKS = /[ \t\v\f]+/g;
const UNWANTED = /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+/g;

/** Secrets whose line breaks belong to them. */
export function keepsItsLines(clean: string): 'pem' | 'json' | undefined {
  if (/^-----BEGIN [A-Z0-9 ]+-----/.test(clean)) return 'pem';
  if (!clean.startsWith('{')) return undefined;
  try {
    JSON.parse(clean);
    return 'json';
  } catch {
    // Not JSON after all: judged like any other text.
    return undefined;
  }
}

/** Everything that cannot be seen is taken out. */
export function joinLines(text: string): string {
  return text.replace(UNWANTED, '');
}

/** Several words of letters: nothing that a provider would have made. */
export function looksLikeSentence(clean: string): boolean {
  const words = clean.split(/\s+/);
  const plain = words.filter((word) => /^\p{L}{1,20}[.,;:!?)]?$/u.test(word));
  return words.length >= 3 && plain.length * 2 > words.length;
}

/**
 * What stands between the two ends and should not, the plainest first. Lines and columns count from 1, and places from
 * the start of the text.
 * @param from where the first end is
 */
export function inspectInside(text: string, from = 0): Finding[] {
  const looks = [
    { key: 'paste.interior-lines', pattern: LINE_BREAK, values: (count: number) => ({ lines: count + 1 }) },
    { key: 'paste.interior-blanks', pattern: BLANKS, values: (count: number) => ({ count }) },
    { key: 'paste.no-break-spaces', pattern: NO_BREAK_SPACES, values: (count: number) => ({ count }) },
    { key: 'paste.zero-width', pattern: ZERO_WIDTH, values: (count: number) => ({ count }) },
  ] as const;
  const found = looks.flatMap(({ key, pattern, values }) => {
    const count = text.slice(from).match(pattern)?.length ?? 0;
    return count === 0 ? [] : [finding(key, 'info', { ...values(count), ...place(text, from, pattern) })];
  });
  const isBroken = found.some(({ key }) => key === 'paste.interior-lines');
  const returns = text.slice(from).match(/\r/g)?.length ?? 0;
  return [
    // Blanks beside a line break are its indentation.
    ...found.filter(({ key }) => !isBroken || key !== 'paste.interior-blanks'),
    ...(returns > 0 ? [finding('paste.carriage-returns', 'info', { count: returns })] : []),
  ];
}

function place(text: string, from: number, pattern: RegExp): { line: number; column: number; at: number } {
  const at = from + Math.max(0, text.slice(from).search(pattern));
  const before = text.slice(0, at).split(LINE_BREAK);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, at };
}
