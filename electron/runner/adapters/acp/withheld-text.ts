import type { Signs } from './signs.ts';

/**
 * Keeps an error that is dressed as an answer out of the answer until the turn's end tells which of the two it is: the
 * whole of it, also where it comes in pieces. Text that is no such error, nor the beginning of one, passes at once.
 */
interface WithheldText {
  /** A chunk, and all that the agent said since its last tool call, the chunk included. */
  push(chunk: string, all: string): void;
  /** The held text was an answer, or a part of one. */
  release(): void;
  /** The error that was held back, which is told as one and not as an answer; empty when there was none. */
  takeError(): string;
}

export function createWithheldText(
  { isErrorText, mayBecomeErrorText }: Pick<Signs, 'isErrorText' | 'mayBecomeErrorText'>,
  say: (text: string) => void,
): WithheldText {
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
      const isSpaceBehind = held !== '' && chunk.trim() === '';
      if (isErrorText(chunk) || isErrorText(all) || mayBecomeErrorText(all) || isSpaceBehind) held += chunk;
      else {
        release();
        say(chunk);
      }
    },
    release,
    takeError() {
      return isErrorText(held) ? take().trim() : '';
    },
  };
}
