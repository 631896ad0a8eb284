import { stripVTControlCharacters } from 'node:util';

/** An escape sequence that may go on in the next piece. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is how they begin
const OPEN_SEQUENCE = /\u001b(?:\[[0-9;?]*)?$/;
const MAX_LINE_CHARS = 500;
/** A crash of a runtime, with its frames. */
const KEPT_LINES = 30;

interface PlainText {
  /** The piece without control sequences. */
  push(text: string): string;
  /** The last line that says something. */
  lastLine(): string | undefined;
  /** The latest lines that say something, oldest first. */
  lines(): readonly string[];
}

/** Extracts the text that a program writes to its terminal: good enough to look for words, not to show. */
export function createPlainText(): PlainText {
  let held = '';
  let line = '';
  let kept: string[] = [];
  return {
    push(text) {
      const all = held + text;
      held = OPEN_SEQUENCE.exec(all)?.[0] ?? '';
      const plain = stripVTControlCharacters(all.slice(0, all.length - held.length));
      const lines = (line + plain).split(/\r*\n/);
      line = (lines.pop() ?? '').slice(-MAX_LINE_CHARS);
      const said = lines.filter((one) => one.trim() !== '').map((one) => one.slice(0, MAX_LINE_CHARS));
      kept = [...kept, ...said].slice(-KEPT_LINES);
      return plain;
    },
    lastLine: () => (line.trim() === '' ? kept.at(-1) : line),
    lines: () => (line.trim() === '' ? kept : [...kept, line]),
  };
}
