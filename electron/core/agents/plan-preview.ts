import type { Params, Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentSettings, Readiness } from '../../../shared/model/agent.ts';
import type { OwnLoginView } from '../../../shared/model/own-login.ts';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import type { EnvironmentName } from '../launch/session-env/environment-names.ts';
import { planView } from '../launch/session-env/view.ts';
import { folderProblem } from '../projects/directory.ts';
import type { AgentLookup } from './agent-lookup.ts';
import type { Deciding } from './deciding.ts';
import type { KnownPrograms } from './known-programs.ts';
import { sessionNetwork } from './network.ts';
import type { Agent } from './schema.ts';
import type { SessionInputs } from './session-inputs.ts';
import { planOf, providerIdOf, serversIn } from './session-plan.ts';

type Fence = Result<'environment.plan'>['fence'];

export interface HeldNames {
  /** The names that the conversations of an agent in one place were given last. */
  readonly givenNames?: ((place: { agentId: string; projectDir: string }) => readonly EnvironmentName[]) | undefined;
}

/** Shows the environment, the servers and the isolation of a session before it starts. */
export function createPlanPreview(
  options: HeldNames & {
    readonly lookup: Pick<AgentLookup, 'get'>;
    readonly inventory: Pick<KnownPrograms, 'ensure'>;
    readonly deciding: Pick<Deciding, 'decide' | 'conflicts'>;
    readonly inputs: Omit<SessionInputs, 'installation'>;
    readonly loginOf: (agent: Agent) => OwnLoginView | undefined;
    readonly sandbox: () => SandboxAvailability;
    readonly scratchDir: string;
  },
) {
  const { lookup, inventory, deciding, inputs, loginOf, scratchDir } = options;
  /** @throws PerchError AGENT_UNKNOWN */
  return async ({ agentId, projectDir, model }: Params<'environment.plan'>): Promise<Result<'environment.plan'>> => {
    const agent = lookup.get(agentId, projectDir);
    const found = await inventory.ensure(agent, projectDir);
    const decided = deciding.decide(agent, projectDir, model === undefined ? {} : { model });
    const providerId = providerIdOf(decided);
    const environment = planOf(decided, found, {
      host: inputs.host(agent, projectDir),
      variables: inputs.variables(agent, projectDir),
      stored: inputs.stored(agent, projectDir),
      givenNames: options.givenNames?.({ agentId, projectDir: projectDir ?? scratchDir }),
    });
    const servers = agent.protocol === 'terminal' ? [] : await inputs.servers(agent, projectDir);
    const mcp = serversIn(environment, servers);
    const { network } = sessionNetwork(decided, {
      ...inputs.host(agent, projectDir),
      allowed: inputs.allowedHosts(agent, projectDir),
      servers: mcp.rules,
    });
    return {
      plan: {
        ...planView(environment),
        mcpServers: [...mcp.view],
        ...(decided.resolution?.state === 'own-login' ? { login: { files: loginOf(agent)?.files ?? [] } } : {}),
      },
      mode: decided.effective.auth.mode,
      model: decided.effective.auth.model,
      fence: {
        workingDirectory: projectDir ?? scratchDir,
        sandbox: fenceOf(decided.settings.sandbox, options.sandbox()),
        network,
      },
      conflicts: deciding.conflicts(decided, projectDir),
      ...defined({ providerId }),
      ...refusalIn(decided.readiness, projectDir),
    };
  };
}

function fenceOf(setting: AgentSettings['sandbox'], sandbox: SandboxAvailability): Fence['sandbox'] {
  if (setting === 'off') return { state: 'off' };
  return sandbox.state === 'available' ? { state: 'on', backend: sandbox.backend } : sandbox;
}

/** The refusal that a turn there would get now. */
function refusalIn(readiness: Readiness, projectDir: string | undefined): { refusal?: WireError } {
  const refusal = projectDir === undefined ? undefined : folderProblem(projectDir);
  if (refusal !== undefined) return { refusal: toWireError(refusal) };
  return readiness.state === 'not-ready' ? { refusal: readiness.error } : {};
}
