import { DEFAULT_SETTINGS } from '../../../../shared/model/settings.ts';
import type { AgentService } from '../../agents/agent-service.ts';
import type { AgentImport } from '../../agents/import/agent-import-service.ts';
import { refuseNotOwn, type UserAgents } from '../../agents/users/user-agent-service.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { AgentTrial } from '../../upkeep/agent-trial.ts';
import type { ForgetService } from '../../upkeep/forget/forget-service.ts';
import type { HandlersOf } from './namespace.ts';

export function userAgentHandlers(needs: {
  agents: Pick<AgentService, 'view'>;
  userAgents: Pick<UserAgents, 'add' | 'change' | 'remove'>;
  settings: Pick<SettingsService, 'get' | 'update'>;
  forget: Pick<ForgetService, 'carryOut'>;
  agentImport: AgentImport;
  agentTrial: AgentTrial;
}): HandlersOf<'userAgents'> {
  const { agents, userAgents, settings, forget, agentImport, agentTrial } = needs;
  return {
    'userAgents.add': async ({ definition }) => {
      userAgents.add(definition);
      const problem = await agentTrial.problem(definition);
      if (problem !== undefined) {
        userAgents.remove(definition.agentId);
        throw problem;
      }
      return { agent: agents.view(definition.agentId) };
    },
    'userAgents.change': async ({ definition, projectDir }) => {
      const before = agents.view(definition.agentId, projectDir);
      userAgents.change(definition, before);
      const problem = await agentTrial.problem(definition);
      if (problem !== undefined && before.origin !== undefined) {
        userAgents.change(before.origin.definition, before);
        throw problem;
      }
      return { agent: agents.view(definition.agentId) };
    },
    'userAgents.remove': async ({ agentId, projectDir }) => {
      refuseNotOwn(agents.view(agentId, projectDir));
      const list = await forget.carryOut({ kind: 'agent', agentId });
      if (settings.get().selectedAgentId === agentId) {
        settings.update({ selectedAgentId: DEFAULT_SETTINGS.selectedAgentId });
      }
      userAgents.remove(agentId);
      return { list };
    },
    'userAgents.importCandidates': (params) => agentImport.candidates(params),
    'userAgents.import': async (params) => agentImport.take(params),
  };
}
