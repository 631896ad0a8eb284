import type { PromptResponse, RequestError } from '@agentclientprotocol/sdk';
import { defined } from '../../../../shared/defined.ts';
import type { PromptResult } from '../../../../shared/runner-protocol/protocol.ts';
import type { Activity } from './activity.ts';
import { judgeTurn } from './judge.ts';
import { explainRefusal } from './rpc-error.ts';
import type { Signs } from './signs.ts';
import { typedFailure } from './typed-failure.ts';
import type { Why } from './why.ts';

interface TurnFacts {
  readonly activity: Pick<Activity, 'text' | 'usedTools' | 'takeError'>;
  /** The title of the request that the user declined last, unless another one was allowed since. */
  readonly declined: string | undefined;
  readonly signs: Signs;
  readonly why: Pick<Why, 'words' | 'silent'>;
}

/** The end of a turn that the agent calls finished, where nothing else stopped it. */
export function resultOfAnswer(
  { stopReason, _meta }: Pick<PromptResponse, 'stopReason' | '_meta'>,
  { activity, declined, signs, why }: TurnFacts,
): PromptResult {
  const reported = typedFailure(_meta);
  if (reported !== undefined) return why.words([reported]);
  const judgement = judgeTurn({ stopReason, text: activity.text, usedTools: activity.usedTools }, signs);
  switch (judgement.kind) {
    case 'completed':
      return { outcome: 'completed', stopReason };
    case 'cancelled':
      // Codex ends its turn as cancelled once a command was declined: the user cancelled nothing.
      return { outcome: 'cancelled', by: 'agent', ...defined({ declined }) };
    case 'no-answer':
      return why.silent('AGENT_ENDED_WITHOUT_ANSWER');
    case 'error-text': {
      // Where an error follows a part of an answer, only the error was held back.
      const dressed = activity.takeError();
      return why.words([dressed === '' ? judgement.reported : dressed]);
    }
  }
}

/** The end of a turn whose prompt the agent answered with an error. */
export function resultOfRefusal(
  error: RequestError,
  { activity, why }: Pick<TurnFacts, 'activity' | 'why'>,
): PromptResult {
  const { otherwise, reported } = explainRefusal(error);
  // Some say in a sentence of their own more than in the error behind it (seen: Claude Code).
  const dressed = activity.takeError();
  return why.words([...(dressed === '' ? [] : [dressed]), reported], otherwise);
}
