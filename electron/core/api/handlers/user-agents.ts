import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/model/settings.ts';
import type { AgentService } from '../../agents/agent-service.ts';
import type { AgentImport } from '../../agents/import/agent-import-service.ts';
import { refuseNotOwn, type UserAgents } from '../../agents/users/user-agent-service.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { type AgentTrial, isMissingProgram } from '../../upkeep/agent-trial.ts';
import type { ForgetService } from '../../upkeep/forget/forget-service.ts';
import type { HandlersOf } from './namespace.ts';

export function userAgentHandlers(needs: {
  agents: Pick<AgentService, 'view'>;
  userAgents: Pick<UserAgents, 'add' | 'change' | 'remove' | 'problem' | 'setProblem'>;
  settings: Pick<SettingsService, 'get' | 'update'>;
  forget: Pick<ForgetService, 'carryOut'>;
  agentImport: AgentImport;
  agentTrial: AgentTrial;
}): HandlersOf<'userAgents'> {
  const { agents, userAgents, settings, forget, agentImport, agentTrial } = needs;
  /** A missing program is looked for at every glance: kept, that would stay true after its installation. */
  const keepProblem = (agentId: string, problem: PerchError | undefined): void => {
    const told = problem === undefined || isMissingProgram(problem) ? undefined : toWireError(problem);
    if (told !== undefined || userAgents.problem(agentId) !== undefined) userAgents.setProblem(agentId, told);
  };
  return {
    'userAgents.add': async ({ definition, anyway = false }) => {
      userAgents.add(definition);
      const problem = await agentTrial.problem(definition);
      if (problem !== undefined && !anyway) {
        userAgents.remove(definition.agentId);
        throw canBeIgnored(problem);
      }
      keepProblem(definition.agentId, problem);
      return { agent: agents.view(definition.agentId) };
    },
    'userAgents.change': async ({ definition, projectDir, anyway = false }) => {
      const before = agents.view(definition.agentId, projectDir);
      userAgents.change(definition, before);
      const problem = await agentTrial.problem(definition);
      if (problem !== undefined && before.origin !== undefined && !anyway) {
        userAgents.change(before.origin.definition, before);
        throw canBeIgnored(problem);
      }
      keepProblem(definition.agentId, problem);
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

/** The user may say that it is to be kept all the same. */
function canBeIgnored({ code, values, details }: PerchError): PerchError {
  return new PerchError(code, values, { details: { ...details, anyway: true } });
}
