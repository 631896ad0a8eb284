import { type Finding, finding } from './finding.ts';

const LINE_BREAK = /\r\n|\r|\n/g;
const NO_BREAK_SPACES = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;
/** Characters of no width, soft hyphens and marks of direction: what chats and PDFs put into a copied text. */
const ZERO_WIDTH = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const BLANKS = /[ \t\v\f]+/g;
const UNWANTED = /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+/g;

/** Upper case and an underscore, or said to be an assignment: `abc==` is the end of a token, not a name. */
const ASSIGNMENT =
  /^(?:(?:export|set|setx|declare -x)\s+[A-Za-z_]\w*|\$env:\w+|[A-Z][A-Z0-9]*_[A-Z0-9_]+)\s*=\s*(?=\S{6})/;
const MIN_REST = 6;

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

/** Takes off `export NAME=` and one pair of quotes. */
export function unwrap(clean: string): { text: string; assignment: boolean; quotes: boolean } {
  const value = clean.replace(ASSIGNMENT, '');
  const quoted = /^(["'`])(.*)\1;?$/s.exec(value)?.[2];
  const quotes = quoted !== undefined && quoted.trim().length >= MIN_REST;
  return { text: quotes ? quoted.trim() : value, assignment: value !== clean, quotes };
}

/** Everything that cannot be seen is taken out. */
export function joinLines(text: string): string {
  return text.replace(UNWANTED, '');
}

/** What stands between the two ends and should not. Lines and columns count from 1. */
export function inspectInside(text: string): Finding[] {
  const findings: Finding[] = [];
  const breaks = count(text, LINE_BREAK);
  const blanks = count(text, BLANKS);
  if (breaks > 0)
    findings.push(finding('paste.interior-lines', 'warn', { lines: breaks + 1, ...place(text, LINE_BREAK) }));
  else if (blanks > 0)
    findings.push(finding('paste.interior-blanks', 'warn', { count: blanks, ...place(text, BLANKS) }));
  const returns = count(text, /\r/g);
  if (returns > 0) findings.push(finding('paste.carriage-returns', 'warn', { count: returns }));
  const spaces = count(text, NO_BREAK_SPACES);
  if (spaces > 0) {
    findings.push(finding('paste.no-break-spaces', 'warn', { count: spaces, ...place(text, NO_BREAK_SPACES) }));
  }
  const invisible = count(text, ZERO_WIDTH);
  if (invisible > 0) {
    findings.push(finding('paste.zero-width', 'warn', { count: invisible, ...place(text, ZERO_WIDTH) }));
  }
  return findings;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function place(text: string, pattern: RegExp): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, text.search(pattern))).split(LINE_BREAK);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
