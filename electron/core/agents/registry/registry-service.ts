import type { Result } from '../../../../shared/contract/methods.ts';
import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { type AgentDefinition, agentDefinitionSchema } from '../../../../shared/model/agent-definition.ts';
import type { OtherAgent } from '../../../../shared/model/agent-registry.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Fetch } from '../../network/fetch.ts';
import { createFetchableData } from '../../network/snapshots/fetchable-data.ts';
import { refreshSnapshot } from '../../network/snapshots/refresh.ts';
import type { Agent } from '../schema.ts';
import { publishedSchema, type RegistryAgent, type RegistryData, readRegistry, registrySchema } from './data.ts';

type Known = Result<'agentRegistry.list'>;

export interface AgentRegistry {
  list(): Known;
  /** @throws PerchError AGENT_REGISTRY_NOT_REFRESHED */
  refresh(): Promise<Known>;
  /** The agent as one of the user's own. @throws PerchError NOT_FOUND, AGENT_NOT_INSTALLABLE */
  definition(agentId: string, providerId: string | undefined): AgentDefinition;
}

/** The ACP registry's agents, without those that Perch knows by itself. */
export function createAgentRegistry(options: {
  /** The data that comes along. */
  bundled: string;
  /** Where what was fetched is kept. */
  fetched: string;
  builtIns: readonly Pick<Agent, 'agentId' | 'install' | 'registryIds'>[];
  isTaken: (agentId: string) => boolean;
  clock: Clock;
  fetch: Fetch;
  onProblem: (message: string) => void;
}): AgentRegistry {
  const { builtIns, isTaken, clock, fetch, fetched } = options;
  const kept = createFetchableData({ ...options, read: readRegistry });
  const known = new Set(builtIns.flatMap(({ agentId, registryIds }) => [agentId, ...registryIds]));
  const packages = new Set(builtIns.flatMap(({ install }) => install?.packages.map(({ name }) => name) ?? []));

  const isOther = (agent: RegistryAgent) => {
    const { npx } = agent.distribution;
    return !known.has(agent.id) && (npx === undefined || !packages.has(packageOf(npx.package, agent.version).name));
  };
  const others = (data: RegistryData | undefined) => (data?.agents ?? []).filter(isOther);
  const list = (): Known => {
    const data = kept.current();
    const agents = others(data).map((agent) => viewOf(agent, isTaken(agent.id)));
    if (data === undefined) return { agents };
    const { source, date, origin, licence } = data;
    return { source: { source, date, origin, licence }, agents };
  };

  return {
    list,
    async refresh() {
      const { api, source } = kept.current() ?? { api: '–', source: '–' };
      const next = await refreshSnapshot({
        url: api,
        file: fetched,
        clock,
        fetch,
        code: 'AGENT_REGISTRY_NOT_REFRESHED',
        what: 'a registry of agents',
        make(data, date) {
          const { agents } = publishedSchema.parse(data);
          if (agents.length === 0) throw new Error('it names no agent that is understood here');
          return registrySchema.parse({ source, api, licence: 'Apache-2.0', date, origin: api, agents });
        },
      });
      kept.use(next);
      return list();
    },
    definition(agentId, providerId) {
      const agent = others(kept.current()).find(({ id }) => id === agentId);
      if (agent === undefined) throw new PerchError('NOT_FOUND');
      const runs = runsOf(agent);
      const installCommand = commandOf(agent) ?? agent.repository ?? '–';
      const refusal = () => new PerchError('AGENT_NOT_INSTALLABLE', { agent: agent.name, agentId, installCommand });
      if (runs === undefined) throw refusal();
      const definition = agentDefinitionSchema.safeParse({
        agentId,
        name: agent.name,
        description: agent.description,
        runs,
        ...defined({ providerId }),
        model: '',
        variables: agent.distribution.npx?.env ?? {},
      });
      // A package without an exact version, or a name that npm would not take.
      if (!definition.success) throw refusal();
      return definition.data;
    },
  };
}

function viewOf(agent: RegistryAgent, added: boolean): OtherAgent {
  const { id, name, version, description, repository, license } = agent;
  const installCommand = commandOf(agent);
  return {
    agentId: id,
    name,
    version,
    description,
    ...defined({ homepage: repository, licence: license }),
    how: agent.distribution.npx === undefined ? 'by-hand' : 'package',
    ...defined({ installCommand }),
    added,
  };
}

function runsOf({ distribution: { npx }, version }: RegistryAgent) {
  return npx === undefined ? undefined : { kind: 'package', ...packageOf(npx.package, version), args: npx.args };
}

function commandOf({ distribution: { npx, uvx }, version }: RegistryAgent): string | undefined {
  if (npx !== undefined) {
    const { name, version: exact } = packageOf(npx.package, version);
    return `npm install -g ${name}@${exact}`;
  }
  return uvx === undefined ? undefined : `uv tool install ${uvx.package}`;
}

/** `name@version`, or the name alone: then the entry's version counts. A scope begins with an @ too. */
function packageOf(text: string, version: string): { name: string; version: string } {
  const at = text.indexOf('@', 1);
  return at === -1 ? { name: text, version } : { name: text.slice(0, at), version: text.slice(at + 1) };
}
