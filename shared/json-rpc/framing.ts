interface LineSplitter {
  /** Takes decoded text in pieces of any size; a split inside a surrogate pair or an escape is harmless. */
  push(text: string): void;
  end(): void;
}

/**
 * Splits text into lines at `\n` alone (U+2028 and the like are legal inside JSON), without a `\r` before it.
 * Empty lines are no lines. After a violation, told once, nothing is read or kept any more.
 */
export function createLineSplitter(options: {
  /** The longest line, in UTF-16 units. No more than this is ever kept. */
  maxChars: number;
  onLine: (line: string) => void;
  /** Why the stream cannot be read any further. For a log. */
  onViolation: (message: string) => void;
}): LineSplitter {
  const { maxChars, onLine, onViolation } = options;
  // Parts are joined once a line ends: searching a growing string again and again would be quadratic.
  let parts: string[] = [];
  let chars = 0;
  let dead = false;

  const stop = (message: string) => {
    dead = true;
    parts = [];
    onViolation(message);
  };
  const keep = (part: string) => {
    chars += part.length;
    if (chars > maxChars) stop(`a line is longer than ${maxChars} characters`);
    else if (part !== '') parts.push(part);
  };
  const finishLine = () => {
    const line = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
    parts = [];
    chars = 0;
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text !== '') onLine(text);
  };

  return {
    push(text) {
      let start = 0;
      while (!dead) {
        const newline = text.indexOf('\n', start);
        if (newline === -1) return keep(text.slice(start));
        keep(text.slice(start, newline));
        if (!dead) finishLine();
        start = newline + 1;
      }
    },
    end() {
      if (dead) return;
      if (chars > 0) stop(`the stream ended inside a line, after ${chars} characters`);
      dead = true;
    },
  };
}
