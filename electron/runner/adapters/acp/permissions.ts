import type { RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { AgentEvent, PermissionOutcome } from '../../../../shared/model/run-event.ts';
import { answersOf } from '../../../../shared/permissions/answers.ts';
import type { AskedPermission } from './permission-request.ts';

interface Permissions {
  /** Asks the user; the agent waits. */
  ask(request: AskedPermission): Promise<RequestPermissionResponse>;
  /**
   * False when no such question is open.
   * @throws PerchError INVALID_PARAMS for an option that was not offered to the user
   */
  answer(requestId: string, outcome: PermissionOutcome): boolean;
  cancelAll(): void;
  readonly open: number;
}

interface Question {
  readonly optionIds: readonly string[];
  readonly settle: (outcome: PermissionOutcome) => void;
}

/** The open questions of one turn. */
export function createPermissions(options: {
  readonly newId: () => string;
  readonly emit: (event: AgentEvent) => void;
}): Permissions {
  const questions = new Map<string, Question>();

  const settle = (requestId: string, question: Question, outcome: PermissionOutcome): void => {
    questions.delete(requestId);
    options.emit({ type: 'permission.answered', requestId, outcome });
    question.settle(outcome);
  };
  return {
    ask(request) {
      const requestId = options.newId();
      const { promise, resolve } = Promise.withResolvers<RequestPermissionResponse>();
      questions.set(requestId, {
        optionIds: answersOf(request).given.flatMap((answer) =>
          answer.kind === 'option' ? [answer.option.optionId] : [],
        ),
        settle: (outcome) => resolve({ outcome }),
      });
      options.emit({ type: 'permission.requested', requestId, ...request });
      return promise;
    },
    answer(requestId, outcome) {
      const question = questions.get(requestId);
      if (question === undefined) return false;
      if (outcome.outcome === 'selected' && !question.optionIds.includes(outcome.optionId)) {
        throw new PerchError('INVALID_PARAMS', { where: 'this option was not offered' });
      }
      settle(requestId, question, outcome);
      return true;
    },
    cancelAll() {
      for (const [requestId, question] of [...questions]) settle(requestId, question, { outcome: 'cancelled' });
    },
    get open() {
      return questions.size;
    },
  };
}
