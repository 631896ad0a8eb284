import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { PendingPermission, PermissionOutcome } from '../../../shared/model/run-event.ts';
import { answersOf } from '../../../shared/permissions/answers.ts';
import { excerptOf } from '../../../shared/permissions/fit.ts';
import { permissionView } from '../../../shared/permissions/view.ts';
import type { ActiveTurn, LaterRunEvent } from './active-turn.ts';
import type { TurnRunner } from './ports.ts';

interface PermissionAnswer {
  readonly requestId: string;
  readonly outcome: PermissionOutcome;
}

/** The part of an open question that a list shows; the session has the whole. */
const EXCERPT = { lines: 4, chars: 300 };

export type Permissions = ReturnType<typeof createPermissions>;

/** The agents' open questions. An answered one is gone at once, so that it is never answered twice. */
export function createPermissions(options: { runner: Pick<TurnRunner, 'request'>; onChange: () => void }) {
  const { runner, onChange } = options;
  let pending: readonly PendingPermission[] = [];

  const change = (next: readonly PendingPermission[]) => {
    if (next.length === pending.length) return;
    pending = next;
    onChange();
  };
  const remove = (turnId: string, requestId: string) =>
    change(pending.filter((each) => each.turnId !== turnId || each.requestId !== requestId));

  return {
    /** Oldest first. */
    pending: (): PendingPermission[] => [...pending],
    follow(turn: ActiveTurn, event: LaterRunEvent): void {
      const { turnId, agentId } = turn;
      if (event.type === 'permission.requested') {
        const { requestId, title } = event;
        const choices = answersOf(event).given.flatMap((answer) => (answer.kind === 'option' ? [answer.option] : []));
        const excerpt = excerptOf(permissionView({ ...event, title: '' }), EXCERPT);
        const question = { turnId, agentId, requestId, title, options: choices };
        change([...pending, excerpt.text === '' ? question : { ...question, excerpt }]);
      }
      if (event.type === 'permission.answered') remove(turnId, event.requestId);
      if (event.type === 'turn.ended') change(pending.filter((each) => each.turnId !== turnId));
    },
    /**
     * The runner reports the answer as an event of the turn.
     * @throws PerchError NOT_FOUND (no such open question), INVALID_PARAMS (no such option)
     */
    async answer(turn: ActiveTurn, { requestId, outcome }: PermissionAnswer): Promise<void> {
      const { turnId, sessionId } = turn;
      const question = pending.find((each) => each.turnId === turnId && each.requestId === requestId);
      if (question === undefined) throw new PerchError('NOT_FOUND');
      if (outcome.outcome === 'selected' && !question.options.some(({ optionId }) => optionId === outcome.optionId)) {
        throw new PerchError('INVALID_PARAMS', { where: 'outcome.optionId' });
      }
      remove(turnId, requestId);
      try {
        await runner.request('session.answerPermission', { sessionId, turnId, requestId, outcome });
      } catch (error) {
        if (turn.phase !== 'ended' && turn.state.openPermissions.includes(requestId)) change([...pending, question]);
        throw error;
      }
    },
  };
}
