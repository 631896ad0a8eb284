import type { Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import type { TurnTerminal } from '../terminals/turn-terminal.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { ActiveTurns } from './active-turns.ts';
import type { Permissions } from './permissions.ts';

/** The ways in which a person acts on a turn that runs. */
export function createTurnControl(options: {
  active: Pick<ActiveTurns, 'get'>;
  permissions: Pick<Permissions, 'answer'>;
  /** Answers when the turn has ended, in whatever way. */
  cancel: (turn: ActiveTurn) => Promise<void>;
  /** @throws PerchError NOT_FOUND */
  summaryOf: (turnId: string) => TurnSummary;
}) {
  const { active, permissions, cancel, summaryOf } = options;
  return {
    /** Answers when the turn has ended. @throws PerchError NOT_FOUND, TURN_ALREADY_ENDED */
    async cancel(turnId: string): Promise<TurnSummary> {
      const turn = active.get(turnId);
      if (turn !== undefined) await cancel(turn);
      const summary = summaryOf(turnId);
      if (turn === undefined && summary.status !== 'cancelled') throw new PerchError('TURN_ALREADY_ENDED');
      return summary;
    },
    /** @throws PerchError NOT_FOUND, TURN_ALREADY_ENDED, INVALID_PARAMS */
    async answerPermission({ turnId, requestId, outcome }: Params<'turns.answerPermission'>): Promise<void> {
      summaryOf(turnId);
      const turn = active.get(turnId);
      if (turn === undefined) throw new PerchError('TURN_ALREADY_ENDED');
      await permissions.answer(turn, { requestId, outcome });
    },
    /** @throws PerchError NOT_FOUND (it has none), TURN_ALREADY_ENDED */
    terminal(turnId: string): TurnTerminal {
      const turn = active.get(turnId);
      if (turn === undefined && summaryOf(turnId)) throw new PerchError('TURN_ALREADY_ENDED');
      if (turn?.terminal === undefined) throw new PerchError('NOT_FOUND');
      return turn.terminal;
    },
  };
}
