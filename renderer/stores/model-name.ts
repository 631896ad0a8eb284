import type { Translate } from '../../shared/i18n/translate.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { reportedDefault } from '../../shared/model/reported-default.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { isEnded } from '../../shared/model/turn-ended.ts';

/** The key of the words for a model that the user leaves to the agent or its provider. */
export function defaultModelKey(agent: Pick<AgentView, 'providerIds'>): 'model.providerDefault' | 'model.agentDefault' {
  return agent.providerIds.length > 0 ? 'model.providerDefault' : 'model.agentDefault';
}

/** The default of the next turn: named as soon as a turn with the same provider reported it. */
export function defaultModelName(agent: AgentView, turns: readonly TurnSummary[], t: Translate): string {
  const told = reportedDefault(agent, turns);
  return told === undefined ? t(defaultModelKey(agent)) : t('model.default', { model: told });
}

/** The model of a turn: the one that answered, beside the name that was asked for where that is another one. */
export function turnModelName(turn: TurnSummary, t: Translate): string {
  const { model, reportedModel } = turn;
  if (model === '') {
    if (reportedModel !== undefined) return t('model.default', { model: reportedModel });
    if (isEnded(turn.status)) return t('model.notReported');
    return t(turn.providerId === undefined ? 'model.agentDefault' : 'model.providerDefault');
  }
  // OpenCode puts its provider's name in front.
  const isSame = reportedModel === undefined || reportedModel === model || reportedModel.endsWith(`/${model}`);
  return isSame ? model : t('model.answeredBy', { model, reported: reportedModel });
}
