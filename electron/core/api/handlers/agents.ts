import type { AgentService } from '../../agents/service.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { HandlersOf } from './namespace.ts';

export function agentHandlers(needs: {
  agents: Pick<AgentService, 'views' | 'view' | 'look' | 'refresh' | 'configure' | 'planView'>;
  settings: Pick<SettingsService, 'update'>;
}): HandlersOf<'agents' | 'environment'> {
  const { agents, settings } = needs;
  return {
    'agents.list': async ({ projectDir }) => ({ agents: agents.views(projectDir) }),
    'agents.refresh': async ({ projectDir }) => {
      await agents.refresh();
      return { agents: await agents.look(projectDir) };
    },
    'agents.select': async ({ agentId }) => {
      agents.view(agentId);
      settings.update({ selectedAgentId: agentId });
      return {};
    },
    'agents.configure': async (params) => ({ agent: agents.configure(params) }),
    'environment.plan': (params) => agents.planView(params),
  };
}
