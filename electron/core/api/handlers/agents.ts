import type { AgentService } from '../../agents/agent-service.ts';
import type { BackgroundChecks } from '../../agents/background-checks.ts';
import type { LiveModelsService } from '../../agents/live-models/live-model-service.ts';
import type { StateFolders } from '../../agents/state-folders.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { createRecentModels } from '../../turns/recent-models.ts';
import type { Installs } from '../../upkeep/installs.ts';
import type { HandlersOf } from './namespace.ts';

export function agentHandlers(needs: {
  agents: Pick<AgentService, 'views' | 'view' | 'look' | 'refresh' | 'configure' | 'resetSettings' | 'planView'>;
  stateFolders: StateFolders;
  installs: Pick<Installs, 'install' | 'cancel' | 'remove'>;
  settings: Pick<SettingsService, 'get' | 'update'>;
  recentModels: ReturnType<typeof createRecentModels>;
  liveModels: LiveModelsService;
  checks: Pick<BackgroundChecks, 'agents'>;
}): HandlersOf<'agents' | 'environment'> {
  const { agents, installs, settings, checks, stateFolders, recentModels, liveModels } = needs;
  const shown = <View extends { agentId: string }>(views: View[], projectDir: string | undefined): View[] => {
    checks.agents(
      views.map(({ agentId }) => agentId),
      projectDir,
    );
    return views;
  };
  return {
    'agents.list': async ({ projectDir }) => ({ agents: shown(agents.views(projectDir), projectDir) }),
    'agents.refresh': async ({ projectDir }) => {
      await agents.refresh();
      return { agents: shown(await agents.look(projectDir), projectDir) };
    },
    'agents.select': async ({ agentId }) => {
      agents.view(agentId, settings.get().projectDir);
      settings.update({ selectedAgentId: agentId });
      return {};
    },
    'agents.configure': async (params) => {
      const configured = agents.configure(params);
      checks.agents([params.agentId]);
      return configured;
    },
    'agents.resetSettings': async (params) => {
      const reset = agents.resetSettings(params);
      checks.agents([params.agentId]);
      return reset;
    },
    'agents.recentModels': async ({ agentId, projectDir }) => ({
      models: recentModels(agents.view(agentId, projectDir).agentId),
    }),
    'agents.liveModels': async (params) => ({ live: await liveModels.list(params) }),
    'agents.stateFolder': ({ agentId, reveal }) => stateFolders.look(agentId, reveal),
    'agents.clearState': ({ agentId }) => stateFolders.clear(agentId),
    'agents.install': async ({ agentId, version }) => ({ job: installs.install(agentId, version) }),
    'agents.cancelInstall': async ({ agentId }) => {
      await installs.cancel(agentId);
      return {};
    },
    'agents.uninstall': async ({ agentId }) => {
      await installs.remove(agentId);
      return { agent: agents.view(agentId) };
    },
    'environment.plan': (params) => agents.planView(params),
  };
}
