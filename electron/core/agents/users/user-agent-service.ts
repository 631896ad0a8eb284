import { PerchError, type WireError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { AgentView } from '../../../../shared/model/agent.ts';
import { type AgentDefinition, commandOf } from '../../../../shared/model/agent-definition.ts';
import { type NamesOfProviders, nameProblem, valueProblem } from '../../../../shared/variables/check.ts';
import { isSecretLikeName } from '../../../../shared/variables/secret-names.ts';
import { refuseDeclared } from '../added-agent.ts';
import type { Agent } from '../schema.ts';
import type { UserAgentStore } from './user-agent-store.ts';

export interface UserAgents {
  list(): readonly AgentDefinition[];
  /** @throws PerchError AGENT_ID_TAKEN, AGENT_BASE_UNKNOWN, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED, VARIABLE_*, AGENT_VARIABLE_SECRET, AGENT_COMMAND_SECRET */
  add(definition: AgentDefinition): void;
  /** @throws PerchError as `add`, AGENT_UNKNOWN, AGENT_BUILT_IN, DECLARED_READ_ONLY */
  change(definition: AgentDefinition, agent: Pick<AgentView, 'agentId' | 'name' | 'origin'>): void;
  /** The definition alone: what is kept for the agent goes with `forget`. */
  remove(agentId: string): void;
  /** Why the agent cannot start, as a trial told; undefined when nothing is known to be in its way. */
  problem(agentId: string): WireError | undefined;
  setProblem(agentId: string, problem: WireError | undefined): void;
  /** A session of the agent started: whatever was in its way is gone. Harmless for every other agent. */
  started(agentId: string): void;
  onChange(listener: () => void): () => void;
}

/** Agents that the user made. */
export function createUserAgents(options: {
  store: UserAgentStore;
  builtIns: readonly Pick<Agent, 'agentId' | 'name' | 'providers'>[];
  /** @throws PerchError PROVIDER_UNKNOWN */
  provider: (providerId: string) => { readonly name: string };
  names: NamesOfProviders;
  looksSecret: (text: string) => boolean;
}): UserAgents {
  const { store, builtIns, provider, names, looksSecret } = options;
  const listeners = createListeners();
  const changed = () => {
    listeners.notify();
  };

  function check({ agentId, runs, providerId, variables }: AgentDefinition): void {
    if (builtIns.some((one) => one.agentId === agentId)) throw new PerchError('AGENT_ID_TAKEN', { agentId });
    if (providerId !== undefined) provider(providerId);
    if (runs.kind === 'variant') checkBase(runs.of, providerId);
    for (const [name, value] of Object.entries(variables)) {
      const problem = nameProblem(name, names) ?? valueProblem({ name, value, storage: 'plain' });
      if (problem !== undefined) throw problem;
      const secret = looksSecret(value) || (isSecretLikeName(name) && value !== '');
      if (secret) throw new PerchError('AGENT_VARIABLE_SECRET', { variable: name });
    }
    if (commandOf(runs)?.some(looksSecret)) throw new PerchError('AGENT_COMMAND_SECRET');
  }

  function checkBase(of: string, providerId: string | undefined): void {
    const base = builtIns.find((one) => one.agentId === of);
    if (base === undefined) throw new PerchError('AGENT_BASE_UNKNOWN', { agentId: of });
    const supported = base.providers.map((one) => one.providerId);
    if (providerId === undefined || supported.includes(providerId)) return;
    const values = { agent: base.name, agentId: of, provider: providerId, providerId, supported: supported.join(', ') };
    throw new PerchError('AGENT_PROVIDER_UNSUPPORTED', values);
  }

  return {
    list: store.list,
    add(definition) {
      const { agentId } = definition;
      if (store.list().some((one) => one.agentId === agentId)) throw new PerchError('AGENT_ID_TAKEN', { agentId });
      check(definition);
      store.save(definition);
      changed();
    },
    change(definition, agent) {
      refuseNotOwn(agent);
      check(definition);
      store.save(definition);
      changed();
    },
    remove(agentId) {
      store.remove(agentId);
      changed();
    },
    problem: store.problem,
    setProblem(agentId, problem) {
      store.setProblem(agentId, problem);
      changed();
    },
    started(agentId) {
      if (store.problem(agentId) === undefined) return;
      store.setProblem(agentId, undefined);
      changed();
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

/** @throws PerchError AGENT_BUILT_IN, DECLARED_READ_ONLY */
export function refuseNotOwn({ agentId, name, origin }: Pick<AgentView, 'agentId' | 'name' | 'origin'>): void {
  refuseDeclared(origin);
  if (origin === undefined) throw new PerchError('AGENT_BUILT_IN', { agent: name, agentId });
}
