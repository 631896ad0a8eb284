import type { Params } from '../../shared/contract/methods.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';

export type Submission = Params<'turns.submit'>;
export type SubmissionBody = Omit<Submission, 'turnId'>;

/**
 * A submission whose answer was lost keeps its turn id when it is sent again unchanged, so that it never runs twice.
 * Any other submission is a new turn.
 */
export function nextSubmission(
  unanswered: Submission | null,
  body: SubmissionBody,
  newTurnId: () => string,
): Submission {
  if (unanswered !== null) {
    const { turnId, ...before } = unanswered;
    if (JSON.stringify(before) === JSON.stringify(body)) return { turnId, ...body };
  }
  return { turnId: newTurnId(), ...body };
}

/** After these errors it is open whether the turn was taken. */
export function isAnswerLost(code: ErrorCode): boolean {
  return code === 'CORE_UNREACHABLE' || code === 'INTERNAL';
}
