import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** An output stream of the command. Writing to a reader that has left does nothing. */
export interface Output {
  readonly isTerminal: boolean;
  /** Undefined where it is no terminal, or one that does not say. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
  /** After the terminal got another size; the returned function ends it. */
  onResize(listener: () => void): () => void;
  write(text: string | Uint8Array): void;
  line(text?: string): void;
  /** Coloured only on a terminal, and where NO_COLOR is not set (no-color.org). */
  style(style: Style, text: string): string;
  /** Resolves when everything that was written has left, or when the reader has. */
  flush(): Promise<void>;
}

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** `onBroken` is called once, when the reader has left (`perch … | head -1`). */
export function createOutput(options: {
  stream: Stream;
  environment: Readonly<Record<string, string | undefined>>;
  onBroken: () => void;
}): Output {
  const { stream, environment, onBroken } = options;
  const isTerminal = stream.isTTY === true;
  const coloured = isTerminal && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
  let broken = false;
  stream.on('error', () => {
    if (broken) return;
    broken = true;
    onBroken();
  });
  const write = (text: string | Uint8Array) => {
    if (!broken) stream.write(text);
  };
  return {
    isTerminal,
    size() {
      const { columns = 0, rows = 0 } = stream;
      return columns > 1 && rows > 1 ? { columns, rows } : undefined;
    },
    onResize(listener) {
      stream.on('resize', listener);
      return () => void stream.off('resize', listener);
    },
    write,
    line: (text = '') => write(`${text}\n`),
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
    flush: () => new Promise((resolve) => (broken ? resolve() : stream.write('', () => resolve()))),
  };
}

/**
 * Control characters, which could move the cursor, rewrite what was shown, or set the clipboard; and the marks that
 * turn the direction of text around (Unicode's Bidi_Control), with which it reads unlike what it is. Not line breaks
 * and tabs.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of an agent or provider, for a terminal: without what a terminal obeys. Line breaks and tabs stay. */
export function terminalSafe(text: string): string {
  return text.replace(OBEYED, '');
}

/** A value as one line of JSON in which what a terminal obeys is escaped: JSON itself lets DEL and U+0080 on stand. */
export function terminalJson(value: unknown): string {
  return JSON.stringify(value).replace(OBEYED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The text on one line and at most `maxChars` long. */
export function oneLine(text: string, maxChars = 200): string {
  const flat = terminalSafe(text.replace(/\s+/g, ' ')).trim();
  return flat.length <= maxChars ? flat : `${flat.slice(0, maxChars - 1)}…`;
}
