import type { Signs } from './signs.ts';

/** All that a finished turn left behind. */
export interface TurnFacts {
  readonly stopReason: string;
  /** The agent's messages since its last tool call, joined, without its own remarks. */
  readonly text: string;
  readonly usedTools: boolean;
}

export type Judgement =
  | { readonly kind: 'completed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'error-text'; readonly reported: string }
  | { readonly kind: 'no-answer' };

/**
 * Whether a turn that the agent calls finished was one (R39). An error dressed as an answer is all that the agent says
 * at the end; an answer about an error has more, or other words, and is an answer.
 */
export function judgeTurn(facts: TurnFacts, signs: Signs): Judgement {
  if (facts.stopReason === 'cancelled') return { kind: 'cancelled' };
  const reported = facts.text.trim();
  if (signs.isErrorText(reported)) return { kind: 'error-text', reported };
  // A refusal or a reached limit says by its stop reason why there is no text; a tool's work may be all that was asked.
  if (reported === '' && !facts.usedTools && facts.stopReason === 'end_turn') return { kind: 'no-answer' };
  return { kind: 'completed' };
}
