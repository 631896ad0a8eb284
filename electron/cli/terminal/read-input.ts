import type { Output } from './output.ts';

export type InputStream = NodeJS.ReadStream;

/**
 * Reads a pipe or a file to its end. Reading stops once there are more than `maxBytes`, and the caller refuses the
 * result. Invalid UTF-8 becomes replacement characters.
 */
export async function readAll(stream: InputStream, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without the line break that ends a line in a pipe (`echo token | …`). */
export function withoutFinalBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/**
 * Asks on the terminal without showing what is typed or pasted. Ends with Enter; null when it was given up with
 * Ctrl+C or Ctrl+D. Line breaks inside a paste stay: whether the value wrapped is for others to say.
 */
export async function readHidden(stream: InputStream, output: Output, question: string): Promise<string | null> {
  output.write(question);
  stream.setRawMode(true);
  stream.setEncoding('utf8');
  // Bracketed paste tells a pasted line break from the Enter key.
  output.write(PASTE_MODE_ON);
  try {
    return await collect(stream);
  } finally {
    output.write(PASTE_MODE_OFF);
    stream.setRawMode(false);
    stream.pause();
    output.line();
  }
}

const PASTE_MODE_ON = '\u001b[?2004h';
const PASTE_MODE_OFF = '\u001b[?2004l';

function collect(stream: InputStream): Promise<string | null> {
  const typed = createTyped();
  return new Promise((resolve) => {
    const done = (value: string | null) => {
      stream.off('data', take).off('end', giveUp);
      resolve(value);
    };
    const giveUp = () => done(null);
    const take = (data: Buffer | string) => {
      const result = typed.push(String(data));
      if (result !== undefined) done(result.value);
    };
    stream.on('data', take).on('end', giveUp);
    stream.resume();
  });
}

/**
 * Interprets raw terminal input. `push` answers once the input has ended: with its value, or null when the user gave
 * up.
 */
export function createTyped(): { push(text: string): { readonly value: string | null } | undefined } {
  let unread = '';
  let value = '';
  let pasting = false;
  return {
    push(text) {
      unread += text;
      while (unread !== '') {
        const marker = PASTE_MARKERS.find((each) => each.startsWith(unread) || unread.startsWith(each));
        if (marker !== undefined) {
          // The rest of the marker comes with the next chunk.
          if (unread.length < marker.length) return undefined;
          pasting = marker === PASTE_START;
          unread = unread.slice(marker.length);
          continue;
        }
        const key = pasting ? null : CURSOR_KEY.exec(unread);
        if (key !== null) {
          unread = unread.slice(key[0].length);
          continue;
        }
        const [character = ''] = unread;
        unread = unread.slice(character.length);
        if (pasting) value += character === '\r' ? '\n' : character;
        else if (character === '\r' || character === '\n') return { value };
        else if (character === '\u0003') return { value: null };
        else if (character === '\u0004') return { value: value === '' ? null : value };
        else if (character === '\u007f' || character === '\b') value = [...value].slice(0, -1).join('');
        else if (character === '\u0015') value = '';
        else if (character >= ' ' || character === '\t') value += character;
      }
      return undefined;
    },
  };
}

/** Arrows and the like: nothing to see, so nowhere to go. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is how they begin
const CURSOR_KEY = /^\u001b[[O][0-9;]*[A-Za-z~]/;

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';
const PASTE_MARKERS = [PASTE_START, PASTE_END];
