/**
 * Keeps an error that is dressed as an answer out of the answer until the turn's end tells which of the two it is.
 * Text that is no such error passes at once.
 */
export interface HeldText {
  /** One chunk, and all that the agent said since its last tool call, the chunk included. */
  push(chunk: string, all: string): void;
  /** It was an answer, or a part of one. */
  release(): void;
  /** It was an error: it is told as one, and not as an answer. */
  take(): string;
}

export function createHeldText(isError: (text: string) => boolean, say: (text: string) => void): HeldText {
  let held = '';
  const take = (): string => {
    const text = held;
    held = '';
    return text;
  };
  const release = (): void => {
    const text = take();
    if (text !== '') say(text);
  };
  return {
    push(chunk, all) {
      // White space around an error says nothing, and must not set it free.
      if (isError(chunk) || isError(all) || (held !== '' && chunk.trim() === '')) held += chunk;
      else {
        release();
        say(chunk);
      }
    },
    release,
    take,
  };
}
