import { join } from 'node:path';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { Launch, LaunchRequest } from '../launch/launch.ts';
import type { LoginPath } from '../machine/login-shell/path.ts';
import type { HostPaths } from '../ports.ts';
import { keptUnder } from './added-agent.ts';
import { createAgentLookup } from './agent-lookup.ts';
import type { AgentCatalog } from './catalog.ts';
import { createConfiguring } from './configuring.ts';
import { createDeciding, type DecidingOptions } from './deciding.ts';
import { type DeclaredSource, NO_DECLARATIONS } from './declared.ts';
import { createInventory } from './inventory.ts';
import { createKnownPrograms } from './known-programs.ts';
import { createLaunching, type LoginRequest } from './launching.ts';
import { loadAgents } from './load.ts';
import type { UserPlaces } from './login/elsewhere.ts';
import type { OwnLogins } from './login/own-logins.ts';
import type { PreparedLogin } from './login/prepare.ts';
import { ownLoginView } from './login/view.ts';
import { thisMachine } from './machine.ts';
import { sessionNetwork } from './network.ts';
import { createPlanPreview, type HeldNames } from './plan-preview.ts';
import type { AgentCredentials, AgentProviders } from './ports.ts';
import type { Agent } from './schema.ts';
import { createSearchPlaces, type SearchPlacesOptions } from './search-places.ts';
import { createSessionInputs, type SessionInputsOptions } from './session-inputs.ts';
import { stateDirectory } from './session-plan.ts';
import { sessionCredentials } from './verified-decision.ts';
import { viewOf } from './view.ts';

export interface AgentService {
  /** Without a project: as for Perch's own scratch folder. */
  views(projectDir?: string): AgentView[];
  /** @throws PerchError AGENT_UNKNOWN */
  view(agentId: string, projectDir?: string): AgentView;
  /** The agent's name for people; for an agent that is gone, its id. */
  nameOf(agentId: string, projectDir?: string): string;
  /** Hosts that it asks for by itself. */
  ownTrafficOf(agentId: string, projectDir?: string): readonly string[];
  /** The views once every look is over, the one in the working directory too. */
  look(projectDir?: string): Promise<AgentView[]>;
  /** Looks for the programs again: all of them, on a PATH that is asked for again, or one agent's. Never rejects. */
  refresh(agentId?: string): Promise<void>;
  /** @throws PerchError AGENT_UNKNOWN, MODE_UNSUPPORTED, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED, DECLARED_READ_ONLY */
  configure(params: Params<'agents.configure'>): Result<'agents.configure'>;
  /** @throws PerchError AGENT_UNKNOWN */
  resetSettings(params: Params<'agents.resetSettings'>): Result<'agents.resetSettings'>;
  /**
   * Asks the provider about the credential unless it was asked within the last minute.
   * @throws PerchError with the very refusal that the view shows, CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  prepareLaunch(request: LaunchRequest): Promise<Launch>;
  /** The stored credentials that a session started now would hold. @throws PerchError AGENT_UNKNOWN */
  credentialsOf(agentId: string, projectDir?: string): readonly CredentialView[];
  /**
   * Prepares the program that signs the agent in, or with `args` the one that reports its login.
   * @throws PerchError AGENT_UNKNOWN, LOGIN_UNKNOWN, AGENT_NOT_INSTALLED
   */
  prepareLogin(request: LoginRequest): Promise<PreparedLogin>;
  /** The policy that isolates a session started now. @throws PerchError AGENT_UNKNOWN, AGENT_NOT_INSTALLED */
  policy(request: LaunchRequest): Promise<SandboxPolicy>;
  /** @throws PerchError AGENT_UNKNOWN */
  planView(params: Params<'environment.plan'>): Promise<Result<'environment.plan'>>;
  /** After a program, a provider, a credential or what is known of one changed. Settings have a listener of their own. */
  onChange(listener: () => void): () => void;
}

export interface AgentServiceOptions extends DecidingOptions, SessionInputsOptions, HeldNames {
  readonly paths: HostPaths;
  readonly registry: AgentProviders;
  readonly credentials: AgentCredentials;
  /** The host's, as it was at start. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: those that Perch brings along. */
  readonly catalog?: AgentCatalog;
  /** The declarations of folders. */
  readonly declarations?: DeclaredSource;
  /** Absent: this process's own PATH is all there is. */
  readonly loginPath?: LoginPath;
  /** Absent: there are none. */
  readonly places?: SearchPlacesOptions['places'];
  /** The agents that Perch installed. */
  readonly installed?: SearchPlacesOptions['installed'];
  /** Where the user's own programs keep their logins, as far as that is known by now. Absent: nothing is looked for. */
  readonly userPlaces?: () => UserPlaces;
  /** Absent: no agent has a login of its own. */
  readonly ownLogins?: AgentLogins;
  /** Working directory of turns without a project. Absent: `scratch` in the data directory. */
  readonly scratchDir?: string;
}

type AgentLogins = Pick<OwnLogins, 'state' | 'confirm' | 'signIns' | 'onChange'>;

const NO_LOGINS: AgentLogins = {
  state: () => undefined,
  confirm: async () => {},
  signIns: () => 0,
  onChange: () => () => {},
};

export function createAgentService(options: AgentServiceOptions): AgentService {
  const { paths, registry, credentials, liveness, settings, clock, variables, network, sandbox, givenNames } = options;
  const { ownLogins = NO_LOGINS, declarations = NO_DECLARATIONS, isRouting = () => false } = options;
  const builtIns = loadAgents(paths.resourcesDir);
  const scratchDir = options.scratchDir ?? join(paths.dataDir, 'scratch');
  const lookup = createAgentLookup(options.catalog ?? { everywhere: () => builtIns, in: () => builtIns });
  const searchPlaces = createSearchPlaces({ ...options, machine: thisMachine() });
  const choice = (agentId: string) => settings.agent(agentId).program;
  const inventory = createKnownPrograms({
    inventory: createInventory({ agents: builtIns, searchPlaces, choice, clock }),
    searchPlaces,
    clock,
  });
  const deciding = createDeciding({ ...options, inventory, declarations, ownLogins, scratchDir });
  const inputs = createSessionInputs({ ...options, lookup, declarations, scratchDir });
  const loginOf = (agent: Agent) =>
    ownLoginView(agent, {
      ownLogins,
      stateDirectory: stateDirectory(paths, keptUnder(agent)),
      places: options.userPlaces?.(),
    });
  const view = (agent: Agent, projectDir: string | undefined): AgentView => {
    const decided = deciding.decide(agent, projectDir);
    // The next credential must not take away what is shown as ready now.
    deciding.remember(agent, projectDir, decided);
    return viewOf(decided, {
      network: sessionNetwork(decided, { ...inputs.host(decided.agent, projectDir), allowed: [] }).network.kind,
      conflicts: deciding.conflicts(decided, projectDir),
      checkedAt: inventory.checkedAt(agent),
      ownLogin: loginOf(agent),
    });
  };

  return {
    ...createConfiguring({ lookup, settings, registry, viewOf: view }),
    ...createLaunching({
      lookup,
      inventory,
      deciding,
      inputs,
      settings,
      registry,
      ownLogins,
      paths,
      isRouting,
      variables,
      network,
    }),
    planView: createPlanPreview({ lookup, inventory, deciding, inputs, loginOf, sandbox, scratchDir, givenNames }),
    views: (projectDir) => lookup.all(projectDir).map((agent) => view(agent, projectDir)),
    view: (agentId, projectDir) => view(lookup.get(agentId, projectDir), projectDir),
    nameOf: (agentId, projectDir) => lookup.find(agentId, projectDir)?.name ?? agentId,
    ownTrafficOf: (agentId, projectDir) => lookup.find(agentId, projectDir)?.ownTraffic ?? [],
    async look(projectDir) {
      const agents = lookup.all(projectDir);
      await Promise.all(agents.map((agent) => inventory.ensure(agent, projectDir)));
      return agents.map((agent) => view(agent, projectDir));
    },
    async refresh(agentId) {
      if (agentId === undefined) void options.loginPath?.refresh();
      await inventory.refresh(agentId);
    },
    credentialsOf: (agentId, projectDir) =>
      sessionCredentials(deciding.decide(lookup.get(agentId, projectDir), projectDir)).filter(
        ({ storage }) => storage !== 'declared',
      ),
    onChange(listener) {
      const stops = [inventory, registry, credentials, liveness, ownLogins].map((one) => one.onChange(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
