import type { Signs } from './signs.ts';

/** All that a finished turn left behind. */
export interface TurnFacts {
  readonly stopReason: string;
  /** The agent's messages, joined, without its own remarks. */
  readonly text: string;
  readonly usedTools: boolean;
}

export type Judgement =
  | { readonly kind: 'completed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'error-text'; readonly authentication: boolean; readonly reported: string }
  | { readonly kind: 'no-answer' };

/**
 * Whether a turn that the agent calls finished was one (R39). An error dressed as an answer has no tool call and
 * nothing but the error; an answer about an error has more, or other words, and is an answer.
 */
export function judgeTurn(facts: TurnFacts, signs: Signs): Judgement {
  if (facts.stopReason === 'cancelled') return { kind: 'cancelled' };
  const reported = facts.text.trim();
  if (!facts.usedTools) {
    const authentication = signs.isAuthenticationText(reported);
    if (signs.isErrorText(reported)) return { kind: 'error-text', authentication, reported };
    // A refusal or a reached limit says by its stop reason why there is no text.
    if (reported === '' && facts.stopReason === 'end_turn') return { kind: 'no-answer' };
  }
  return { kind: 'completed' };
}
