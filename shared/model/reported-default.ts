import type { AgentView } from './agent.ts';
import type { TurnSummary } from './run-event.ts';

/** The model that answered the last turn in which this agent chose it, with the provider that the next one uses. */
export function reportedDefault(
  { agentId, effective }: Pick<AgentView, 'agentId' | 'effective'>,
  turns: readonly Pick<TurnSummary, 'agentId' | 'model' | 'providerId' | 'reportedModel'>[],
): string | undefined {
  return turns.find(
    (turn) =>
      turn.agentId === agentId &&
      turn.model === '' &&
      turn.providerId === effective.providerId &&
      turn.reportedModel !== undefined,
  )?.reportedModel;
}
