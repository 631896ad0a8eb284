import type { Params } from '../../../../shared/contract/methods.ts';
import type { AgentView } from '../../../../shared/model/agent.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { HandlersOf } from './namespace.ts';

export function agentHandlers(needs: {
  agents: {
    views(projectDir?: string): AgentView[];
    /** @throws PerchError AGENT_UNKNOWN */
    view(agentId: string): AgentView;
    refresh(): Promise<void>;
    configure(params: Params<'agents.configure'>): AgentView;
  };
  settings: Pick<SettingsService, 'update'>;
}): HandlersOf<'agents'> {
  const { agents, settings } = needs;
  return {
    'agents.list': async ({ projectDir }) => ({ agents: agents.views(projectDir) }),
    'agents.refresh': async () => {
      await agents.refresh();
      return { agents: agents.views() };
    },
    'agents.select': async ({ agentId }) => {
      agents.view(agentId);
      settings.update({ selectedAgentId: agentId });
      return {};
    },
    'agents.configure': async (params) => ({ agent: agents.configure(params) }),
  };
}
