import type { LivenessReason, LivenessVerdict } from '../../../../shared/model/liveness.ts';
import type { Liveness, TellingAnswer } from '../../providers/schema.ts';

/** The provider's answer. `body` is empty unless `needsBody` asked for it. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** `cause` is the system's code of the failure, never its message. */
  | { readonly kind: 'unreachable'; readonly cause: string }
  | { readonly kind: 'timeout' };

/** The registry's word on what an answer means. */
export type Rules = Pick<Liveness, 'dead' | 'limited' | 'deadBodies' | 'noCreditBodies'>;

export interface Finding {
  readonly verdict: LivenessVerdict;
  readonly reason: LivenessReason;
  readonly status?: number;
  readonly cause?: string;
}

/** True when the body of an answer with this status may decide. */
export function needsBody(status: number, { deadBodies, noCreditBodies }: Rules): boolean {
  return [...deadBodies, ...noCreditBodies].some((telling) => telling.status === status);
}

/** Classifies a provider's answer about the credential. Pure. */
export function classify(answer: Answer, rules: Rules): Finding {
  switch (answer.kind) {
    case 'timeout':
      return { verdict: 'unknown', reason: 'timeout' };
    case 'unreachable':
      return { verdict: 'unknown', reason: 'unreachable', cause: answer.cause };
    case 'answered':
      return { ...ofAnswer(answer, rules), status: answer.status };
  }
}

function ofAnswer({ status, body }: { status: number; body: string }, rules: Rules): Finding {
  const says = (telling: TellingAnswer) => telling.status === status && dense(body).includes(dense(telling.contains));
  if (rules.deadBodies.some(says) || rules.dead.includes(status)) return { verdict: 'dead', reason: 'refused' };
  if (rules.noCreditBodies.some(says) || status === 402) return { verdict: 'no-credit', reason: 'credit' };
  if (rules.limited.includes(status)) return { verdict: 'limited', reason: 'permissions' };
  if (status === 429) return { verdict: 'limited', reason: 'rate' };
  if (status >= 500) return { verdict: 'unknown', reason: 'trouble' };
  if (status >= 400) return { verdict: 'alive', reason: 'answered' };
  // The value is not sent on to the address that the answer points to.
  if (status >= 300) return { verdict: 'could-not-check', reason: 'redirect' };
  return { verdict: 'alive', reason: 'accepted' };
}

function dense(text: string): string {
  return text.replace(/\s/g, '');
}
