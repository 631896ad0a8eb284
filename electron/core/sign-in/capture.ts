import type { Provider } from '../providers/provider.ts';
import type { Look } from '../terminals/screen.ts';

/** Recognises the printed token that a login is about. */
export interface Capture {
  /**
   * The token, once it is whole and for as long as it is not the one that was answered last. `isAtBreak`: what follows
   * is no part of a token, wherever the cursor stands.
   */
  take(tokens: Look['tokens'], isAtBreak: boolean): string | undefined;
}

export function createCapture(provider: Pick<Provider, 'variables' | 'keyShapes'>, variable: string): Capture {
  const kind = provider.variables.find(({ name }) => name === variable)?.kind;
  const shapes = provider.keyShapes.filter((shape) => shape.kind === kind);
  let last: string | undefined;
  return {
    take(tokens, isAtBreak) {
      for (const { value, isOpen } of tokens) {
        const shape = shapes.find(({ pattern }) => new RegExp(pattern).test(value));
        if (shape === undefined || value === last) continue;
        if (isOpen && !isAtBreak && value.length !== shape.length) continue;
        last = value;
        return value;
      }
      return undefined;
    },
  };
}
