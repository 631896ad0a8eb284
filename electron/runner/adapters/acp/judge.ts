import type { Signs } from './signs.ts';

/** The facts that a finished turn left behind. */
interface TurnFacts {
  readonly stopReason: string;
  /** The agent's messages since its last tool call, joined, without its own remarks. */
  readonly text: string;
  readonly usedTools: boolean;
}

type Judgement =
  | { readonly kind: 'completed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'error-text'; readonly reported: string }
  | { readonly kind: 'no-answer' };

/**
 * Judges whether a turn that the agent calls finished was one. An error dressed as an answer is the agent's whole text
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
