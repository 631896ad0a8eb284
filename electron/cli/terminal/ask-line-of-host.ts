import { createInterface } from 'node:readline/promises';
import type { AskLine } from './ask-line.ts';
import type { InputStream } from './read-input.ts';

/** Asks on the terminal; stdout stays the answer's. */
export function createAskLine(options: {
  input: InputStream;
  output: NodeJS.WritableStream;
  /** readline takes Ctrl+C from the terminal: it has to hand it on. */
  onInterrupt: () => void;
}): AskLine {
  return async (question, signal) => {
    const lines = createInterface({ input: options.input, output: options.output, terminal: true });
    lines.on('SIGINT', options.onInterrupt);
    // Ctrl+D closes the interface and settles no question.
    const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
    try {
      return await Promise.race([lines.question(question, { signal }), ended]);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      lines.close();
    }
  };
}
