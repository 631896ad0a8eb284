interface TextLines {
  push(text: string): void;
  /** The stream ended: what is left without a line break is the last line. */
  end(): void;
}

interface TextLinesOptions {
  /** Longer lines are cut, and say so. */
  readonly maxLineChars: number;
  /** After this many characters nothing more is passed on, except one line that says so. */
  readonly maxTotalChars: number;
  readonly onLine: (line: string) => void;
}

/** Text for people (an agent's stderr) by lines. Bounded: a program may write for days. */
export function createTextLines(options: TextLinesOptions): TextLines {
  let rest = '';
  let cut = false;
  let total = 0;
  let silenced = false;

  const flush = (): void => {
    const line = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    if (line !== '' || cut) options.onLine(cut ? `${line} … (line cut)` : line);
    rest = '';
    cut = false;
  };
  const append = (part: string): void => {
    const room = options.maxLineChars - rest.length;
    if (part.length > room) cut = true;
    rest += part.slice(0, Math.max(room, 0));
  };
  const silence = (): void => {
    silenced = true;
    flush();
    options.onLine(`more than ${options.maxTotalChars} characters: the rest is not kept`);
  };

  return {
    push(text) {
      if (silenced) return;
      total += text.length;
      if (total > options.maxTotalChars) return silence();
      const parts = text.split('\n');
      const last = parts.pop() ?? '';
      for (const part of parts) {
        append(part);
        flush();
      }
      append(last);
    },
    end() {
      if (!silenced) flush();
    },
  };
}
