import { type AgentSettingName, type AgentView, changedSettings } from '../../../shared/model/agent.ts';
import { useServices } from '../../context/services.tsx';
import { type Action, useAction } from '../../context/use-action.ts';

/** The way of one setting back to its default; `isChanged`: there is one. */
export function useReset(agent: AgentView, name: AgentSettingName): { isChanged: boolean; reset: Action<[]> } {
  const { transport } = useServices();
  const reset = useAction(() => transport.call('agents.resetSettings', { agentId: agent.agentId, names: [name] }));
  return { isChanged: changedSettings(agent.settings).includes(name), reset };
}
