import type { PermissionOutcome } from '../../../shared/model/run-event.ts';
import type { Answer, Effect } from '../../../shared/permissions/answers.ts';

export const ANSWER_POLICIES = ['ask', 'allow', 'deny'] as const;
export type AnswerPolicy = (typeof ANSWER_POLICIES)[number];

/** Once rather than always: a flag of this one run decides nothing for later ones. */
const PREFERRED = {
  allow: ['allow_once', 'allow_always'],
  deny: ['reject_once', 'reject_always'],
} as const;

/** Pure. An agent that offers no such answer gets none: the question is cancelled. */
export function choosePermission(policy: 'allow' | 'deny', answers: readonly Answer[]): PermissionOutcome {
  for (const kind of PREFERRED[policy]) {
    const answer = answers.find((each) => each.kind === 'option' && each.option.kind === kind);
    if (answer !== undefined) return outcomeOf(answer);
  }
  return { outcome: 'cancelled' };
}

export function outcomeOf(answer: Answer): PermissionOutcome {
  if (answer.kind === 'refuse') return { outcome: 'cancelled' };
  return { outcome: 'selected', optionId: answer.option.optionId };
}

/** Does this answer let the agent do anything? One of an unknown kind might. */
export function mayAllow(effect: Effect): boolean {
  return effect !== 'refuse';
}

/** Reads a number of the list or an option's name; undefined when the text is neither. */
export function readChoice(typed: string, answers: readonly Answer[], refuse: string): Answer | undefined {
  const text = typed.trim().toLowerCase();
  if (/^\d+$/.test(text)) return answers[Number(text) - 1];
  const named = answers.filter((answer) => nameOf(answer, refuse).toLowerCase() === text);
  // Two options of one name: only a number tells them apart.
  return named.length === 1 ? named[0] : undefined;
}

export function nameOf(answer: Answer, refuse: string): string {
  return answer.kind === 'refuse' ? refuse : answer.option.name;
}
