import type { Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import { bodyHash } from './turn-state.ts';

type Submission = Params<'turns.submit'>;

/**
 * Submits a turn once, however often it is asked to: the same id with the same body is the same turn, also while the
 * first submission is on its way. The returned function rejects with PerchError TURN_ID_CONFLICT for another body.
 */
export function createOncePerId(options: {
  submit: (params: Submission, hash: string) => Promise<TurnSummary>;
  /** The hash that a stored turn's body had; undefined: there is no such turn. */
  storedHash: (turnId: string) => string | undefined;
  summaryOf: (turnId: string) => TurnSummary;
}): (params: Submission) => Promise<TurnSummary> {
  const { submit, storedHash, summaryOf } = options;
  const underway = new Map<string, { readonly hash: string; readonly turn: Promise<TurnSummary> }>();
  return async (params) => {
    const { turnId } = params;
    const hash = bodyHash(params);
    const running = underway.get(turnId);
    const known = running?.hash ?? storedHash(turnId);
    if (known !== undefined && known !== hash) throw new PerchError('TURN_ID_CONFLICT');
    if (running !== undefined) return running.turn;
    if (known !== undefined) return summaryOf(turnId);
    const turn = submit(params, hash).finally(() => underway.delete(turnId));
    underway.set(turnId, { hash, turn });
    return turn;
  };
}
