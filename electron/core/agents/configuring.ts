import type { Params, Result } from '../../../shared/contract/methods.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { modelsOf } from '../../../shared/model/auth.ts';
import { clearedBy } from '../settings/auth.ts';
import { refuseDeclared } from './added-agent.ts';
import type { AgentLookup } from './agent-lookup.ts';
import { requirePermissionMode } from './permission-mode.ts';
import type { AgentProviders, AgentSettingsStore } from './ports.ts';
import { requireAuth } from './require-auth.ts';
import type { Agent } from './schema.ts';

/** Changes an agent's settings, after a check against its description, and says which models that cleared. */
export function createConfiguring(options: {
  lookup: Pick<AgentLookup, 'get'>;
  settings: AgentSettingsStore;
  registry: AgentProviders;
  viewOf: (agent: Agent, projectDir: string | undefined) => AgentView;
}) {
  const { lookup, settings, registry, viewOf } = options;
  return {
    /** @throws PerchError AGENT_UNKNOWN, MODE_UNSUPPORTED, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED, DECLARED_READ_ONLY */
    configure({ agentId, settings: patch, projectDir }: Params<'agents.configure'>): Result<'agents.configure'> {
      const agent = lookup.get(agentId, projectDir);
      refuseDeclared(agent.added?.origin);
      if (patch.permissionMode) requirePermissionMode(agent, patch.permissionMode);
      if (patch.auth !== undefined) requireAuth(agent, patch.auth, registry);
      const before = settings.agent(agentId).auth;
      const cleared = clearedBy(before, settings.updateAgent(agentId, patch).auth);
      return { agent: viewOf(agent, projectDir), ...(cleared.length === 0 ? {} : { cleared }) };
    },
    /** @throws PerchError AGENT_UNKNOWN */
    resetSettings({ agentId, names }: Params<'agents.resetSettings'>): Result<'agents.resetSettings'> {
      const agent = lookup.get(agentId, undefined);
      const before = settings.agent(agentId).auth;
      if (names === undefined) settings.forgetAgent(agentId);
      else settings.resetAgent(agentId, names);
      const gone = modelsOf(before).filter((model) => !modelsOf(settings.agent(agentId).auth).includes(model));
      return { agent: viewOf(agent, undefined), ...(gone.length === 0 ? {} : { cleared: gone }) };
    },
  };
}
