import { join } from 'node:path';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError, toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentSettings, AgentView, Readiness } from '../../../shared/model/agent.ts';
import { modelsOf } from '../../../shared/model/auth.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import type { HostRule, SandboxAvailability, SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import type { Clock } from '../../node/clock.ts';
import { ensureDirectory } from '../../node/ensure-directory.ts';
import { resolved } from '../../node/look.ts';
import { specificity } from '../credentials/chain.ts';
import type { VariableService } from '../credentials/variables/service.ts';
import type { Launch, LaunchRequest } from '../launch/launch.ts';
import type { McpService } from '../launch/mcp/service.ts';
import { readDeclared } from '../launch/session-env/declared-variables.ts';
import { type HeldName, heldNames } from '../launch/session-env/held.ts';
import { resolveEnvironment } from '../launch/session-env/plan.ts';
import { planView } from '../launch/session-env/view.ts';
import type { LoginPath } from '../machine/login-shell/path.ts';
import type { NetworkService } from '../network/service.ts';
import type { HostPaths } from '../ports.ts';
import { folderProblem } from '../projects/directory.ts';
import { furnishedWorktree, worktreeOf } from '../projects/worktrees/of-session.ts';
import { clearedBy } from '../settings/auth.ts';
import type { AgentCatalog } from './catalog.ts';
import { conflictsIn } from './conflicts.ts';
import { type DeclaredSource, declaredFor, livenessOf, NO_DECLARATIONS, registryOf } from './declared.ts';
import { credentialsOf, type ReadReference } from './declared-credentials.ts';
import { createInventory } from './inventory.ts';
import type { KeptProviders } from './kept-providers.ts';
import { loadAgents } from './load.ts';
import type { UserPlaces } from './login/elsewhere.ts';
import type { OwnLogins } from './login/own-logins.ts';
import { type PreparedLogin, prepareLogin, wayOf } from './login/prepare.ts';
import { ownLoginView } from './login/view.ts';
import { createLooks } from './looks.ts';
import { thisMachine } from './machine.ts';
import { keptUnder, refuseDeclared } from './made.ts';
import { sessionNetwork } from './network.ts';
import { permissionModeOf, requirePermissionMode, turnRules } from './permission-mode.ts';
import type { AgentCredentials, AgentLiveness, AgentProviders, AgentSettingsStore } from './ports.ts';
import { requireAuth } from './require-auth.ts';
import type { Agent } from './schema.ts';
import { planOf, planSession, providerIdOf, type SessionHost, serversIn, stateDirectory } from './session.ts';
import { requestOf, type Situation, situationOf } from './situation.ts';
import { createSurroundings, type SurroundingsOptions } from './surroundings.ts';
import { viewOf } from './view.ts';
import { createVouching, heldBy, vouchedNotices } from './vouch.ts';

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
  prepareLogin(
    request: { agentId: string } & ({ wayId: string } | { args: readonly string[] }),
  ): Promise<PreparedLogin>;
  /** The policy that isolates a session started now. @throws PerchError AGENT_UNKNOWN, AGENT_NOT_INSTALLED */
  policy(request: LaunchRequest): Promise<SandboxPolicy>;
  /** @throws PerchError AGENT_UNKNOWN */
  planView(params: Params<'environment.plan'>): Promise<Result<'environment.plan'>>;
  /** After a program, a provider, a credential or what is known of one changed. Settings have a listener of their own. */
  onChange(listener: () => void): () => void;
}

export interface AgentServiceOptions {
  readonly paths: HostPaths;
  readonly registry: AgentProviders;
  readonly credentials: AgentCredentials;
  readonly liveness: AgentLiveness;
  readonly settings: AgentSettingsStore;
  /** The user's own variables. Absent: there are none. */
  readonly variables?: Pick<VariableService, 'inEffect' | 'readSecrets' | 'onChange'>;
  /** Absent: there are no MCP servers. */
  readonly mcp?: Pick<McpService, 'inEffect'>;
  /** The names that the conversations of an agent in one place were given last. */
  readonly held?: (place: { agentId: string; projectDir: string }) => readonly HeldName[];
  readonly isRouting?: IsRouting;
  /** Absent: those that Perch brings along. */
  readonly catalog?: AgentCatalog;
  /** The declarations of folders. */
  readonly declarations?: DeclaredSource;
  /** Reads the value of a declared reference; without it no reference can be read. */
  readonly readReference?: ReadReference;
  /** The host's, as it was at start. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sandbox: () => SandboxAvailability;
  /** The hosts that the user allowed such a session. Absent: none. */
  readonly allowedHosts?: (session: { agentId: string; projectDir: string }) => HostRule[];
  readonly clock: Clock;
  /** Renews what a session would get and that is about to expire. Absent: nothing is renewed. */
  readonly freshen?: (request: Parameters<AgentCredentials['resolve']>[0]) => Promise<void>;
  /** Absent: this process's own PATH is all there is. */
  readonly loginPath?: LoginPath;
  /** Absent: there are none. */
  readonly places?: SurroundingsOptions['places'];
  /** The agents that Perch installed. */
  readonly installed?: SurroundingsOptions['installed'];
  /** The proxy and the certificates of the user's network. Absent: there are none. */
  readonly network?: Pick<NetworkService, 'ofSessions' | 'upstream'>;
  /** Where the user's own programs keep their logins, as far as that is known by now. Absent: nothing is looked for. */
  readonly userPlaces?: () => UserPlaces;
  /** Absent: no agent has a login of its own. */
  readonly ownLogins?: AgentLogins;
  /** The providers that agents used before. Absent: none is remembered. */
  readonly keptProviders?: Pick<KeptProviders, 'get' | 'note'>;
  /** Working directory of turns without a project. Absent: `scratch` in the data directory. */
  readonly scratchDir?: string;
  /** Absent: the platform of this process. */
  readonly platform?: string;
}

/** The wishes of one turn, beside the settings. */
type Asked = Pick<LaunchRequest, 'model' | 'permissionMode'>;

type AgentLogins = Pick<OwnLogins, 'state' | 'confirm' | 'signIns' | 'onChange'>;

const NO_LOGINS: AgentLogins = {
  state: () => undefined,
  confirm: async () => {},
  signIns: () => 0,
  onChange: () => () => {},
};

export function createAgentService(options: AgentServiceOptions): AgentService {
  const { paths, registry, credentials, liveness, settings, environment, clock, ownLogins = NO_LOGINS } = options;
  const builtIns = loadAgents(paths.resourcesDir);
  const { catalog = { everywhere: () => builtIns, in: () => builtIns }, declarations = NO_DECLARATIONS } = options;
  const scratchDir = options.scratchDir ?? join(paths.dataDir, 'scratch');
  const surroundings = createSurroundings({ ...options, machine: thisMachine() });
  const choice = (agentId: string) => settings.agent(agentId).program;
  const inventory = createLooks({
    inventory: createInventory({ agents: builtIns, surroundings, choice, clock }),
    surroundings,
    clock,
  });
  const agentsIn = (projectDir: string | undefined) =>
    projectDir === undefined ? catalog.everywhere() : catalog.in(projectDir);
  const hostFor = (agent: Agent, projectDir = scratchDir): SessionHost => ({
    paths,
    environment,
    platform: options.platform ?? process.platform,
    registry: registryOf(registry, declarations, projectDir),
    agents: agentsIn(projectDir),
    declared: declaredFor(agent, { declarations, registry, projectDir }),
    isRouting: options.isRouting,
    network: options.network?.ofSessions(),
  });

  const agentOf = (agentId: string, projectDir: string | undefined): Agent => {
    const agents = agentsIn(projectDir);
    const agent = agents.find((one) => one.agentId === agentId);
    if (agent !== undefined) return agent;
    throw new PerchError('AGENT_UNKNOWN', { agentId, known: agents.map((one) => one.agentId).join(', ') });
  };
  const read = options.readReference ?? noReferences;
  const credentialsIn = (projectDir: string) => credentialsOf(credentials, { declarations, read, projectDir });
  const livenessIn = (projectDir: string) => livenessOf(liveness, { declarations, registry, projectDir, clock });
  const keptPlace = (agent: Agent, projectDir = scratchDir) => ({ agentId: keptUnder(agent), projectDir });
  const situation = (agent: Agent, projectDir: string | undefined, asked: Asked = {}): Situation =>
    situationOf({
      agent,
      found: inventory.get(agent, projectDir),
      settings: settings.agent(keptUnder(agent)),
      declared: declaredFor(agent, { declarations, registry, projectDir: projectDir ?? scratchDir }),
      projectDir: projectDir ?? scratchDir,
      turnModel: asked.model,
      permissionMode: asked.permissionMode,
      registry: registryOf(registry, declarations, projectDir ?? scratchDir),
      credentials: credentialsIn(projectDir ?? scratchDir),
      liveness: livenessIn(projectDir ?? scratchDir),
      sandbox: options.sandbox(),
      ownLogin: (providerId) => ownLogins.state(agent.agentId, providerId),
      keptProvider: options.keptProviders?.get(keptPlace(agent, projectDir)),
    });
  const inEffect = (agent: Agent, projectDir = scratchDir) =>
    options.variables?.inEffect({ agentId: keptUnder(agent), projectDir }) ?? [];
  const stored = (agent: Agent, projectDir = scratchDir) =>
    credentials
      .list()
      .filter(({ scope }) => specificity(scope, { agentId: keptUnder(agent), projectDir }) !== undefined);
  const serversOf = async (agent: Agent, projectDir = scratchDir) =>
    (await options.mcp?.inEffect({ agentId: keptUnder(agent), projectDir })) ?? [];
  const freshen = async ({ agent, effective, settings: { accounts } }: Situation, projectDir: string) => {
    const { provider } = effective;
    const providerIds =
      provider.state === 'derived' ? [provider.providerId] : agent.providers.map((one) => one.providerId);
    await Promise.all(
      providerIds.map((providerId) => options.freshen?.(requestOf(agent, { providerId, projectDir, accounts }))),
    );
  };
  const conflicts = (decided: Situation, projectDir: string | undefined): Notice[] =>
    conflictsIn(decided, {
      projectDir: projectDir ?? scratchDir,
      environment,
      registry,
      credentials,
      ownLogin: (providerId) => ownLogins.state(decided.agent.agentId, providerId),
    });
  const loginView = (agent: Agent) =>
    ownLoginView(agent, {
      ownLogins,
      stateDirectory: stateDirectory(paths, keptUnder(agent)),
      places: options.userPlaces?.(),
    });
  const view = (agent: Agent, projectDir: string | undefined): AgentView => {
    const decided = situation(agent, projectDir);
    // What is shown as ready now is what the next credential must not take away.
    options.keptProviders?.note(keptPlace(agent, projectDir), decided);
    return viewOf(decided, {
      network: sessionNetwork(decided, { ...hostFor(decided.agent, projectDir), allowed: [] }).network.kind,
      conflicts: conflicts(decided, projectDir),
      checkedAt: inventory.checkedAt(agent),
      ownLogin: loginView(agent),
    });
  };

  return {
    views: (projectDir) => agentsIn(projectDir).map((agent) => view(agent, projectDir)),
    view: (agentId, projectDir) => view(agentOf(agentId, projectDir), projectDir),
    nameOf: (agentId, projectDir) => agentsIn(projectDir).find((one) => one.agentId === agentId)?.name ?? agentId,
    ownTrafficOf: (agentId, projectDir) =>
      agentsIn(projectDir).find((one) => one.agentId === agentId)?.ownTraffic ?? [],
    async look(projectDir) {
      const agents = agentsIn(projectDir);
      await Promise.all(agents.map((agent) => inventory.ensure(agent, projectDir)));
      return agents.map((agent) => view(agent, projectDir));
    },
    async refresh(agentId) {
      if (agentId === undefined) void options.loginPath?.refresh();
      await inventory.refresh(agentId);
    },
    configure({ agentId, settings: patch, projectDir }) {
      const agent = agentOf(agentId, projectDir);
      refuseDeclared(agent.made?.origin);
      if (patch.permissionMode) requirePermissionMode(agent, patch.permissionMode);
      if (patch.auth !== undefined) requireAuth(agent, patch.auth, registry);
      const before = settings.agent(agentId).auth;
      const cleared = clearedBy(before, settings.updateAgent(agentId, patch).auth);
      return { agent: view(agent, projectDir), ...(cleared.length === 0 ? {} : { cleared }) };
    },
    resetSettings({ agentId, names }) {
      const agent = agentOf(agentId, undefined);
      const before = settings.agent(agentId).auth;
      if (names === undefined) settings.forgetAgent(agentId);
      else settings.resetAgent(agentId, names);
      const gone = modelsOf(before).filter((model) => !modelsOf(settings.agent(agentId).auth).includes(model));
      return { agent: view(agent, undefined), ...(gone.length === 0 ? {} : { cleared: gone }) };
    },
    async prepareLaunch({ agentId, projectDir, ...asked }) {
      const agent = agentOf(agentId, projectDir);
      const agentSettings = settings.agent(keptUnder(agent));
      const mode = permissionModeOf(agent, { settings: agentSettings, asked: asked.permissionMode });
      const found = await inventory.confirm(agent, projectDir);
      await ownLogins.confirm(agentId);
      const installation = await installationOf(paths);
      await freshen(situation(agent, projectDir, asked), projectDir);
      const vouch = createVouching({ credentials: credentialsIn(projectDir), liveness: livenessIn(projectDir) });
      const { decided, values, reports } = await vouch(() => situation(agent, projectDir, asked));
      // A model for one turn says nothing of the next.
      if (asked.model === undefined) options.keptProviders?.note(keptPlace(agent, projectDir), decided);
      const variables = inEffect(agent, projectDir);
      const secrets = (await options.variables?.readSecrets(variables)) ?? new Map<string, string>();
      const plan = planSession(decided, found, {
        host: hostFor(agent, projectDir),
        variables,
        stored: stored(agent, projectDir),
        servers: await serversOf(agent, projectDir),
        workingDirectory: projectDir,
        worktree: furnishedWorktree(projectDir, paths),
        installation,
        signIns: ownLogins.signIns(agentId),
        allowedHosts: options.allowedHosts?.({ agentId: keptUnder(agent), projectDir }) ?? [],
      });
      const declared = await readDeclared(plan.environment, (reference) => read(reference, projectDir));
      ensureDirectory(plan.policy.state.hostPath);
      const upstreamProxy = plan.policy.network.kind === 'proxy' ? await options.network?.upstream() : undefined;
      const held = heldNames(plan.environment, options.isRouting ?? (() => false));
      const own = new Set(held.filter(({ kind }) => kind === 'variable').map(({ name }) => name));
      const providerId = providerIdOf(decided);
      return {
        launch: plan.launch,
        ...(upstreamProxy === undefined ? {} : { upstreamProxy }),
        environment: resolveEnvironment(plan.environment, new Map([...values, ...secrets, ...declared])),
        secretNames: plan.environment.set.filter(({ secret }) => secret).map(({ name }) => name),
        policy: plan.policy,
        ...(plan.defaultRules === undefined ? {} : { defaultRules: plan.defaultRules }),
        credentials: heldBy(decided),
        variables: variables.map(({ variable }) => variable).filter(({ name }) => own.has(name)),
        held,
        ...(providerId === undefined ? {} : { providerId, providerName: registry.get(providerId).name }),
        auth: decided.effective.auth,
        notices: [...plan.notices, ...vouchedNotices(decided, reports, registry), ...conflicts(decided, projectDir)],
        rules: turnRules(agent, { settings: agentSettings, mode }),
        ...(agent.takesInstructions || !agentSettings.instructions ? {} : { instructions: agentSettings.instructions }),
        fingerprint: plan.fingerprint,
      };
    },
    credentialsOf: (agentId, projectDir) =>
      heldBy(situation(agentOf(agentId, projectDir), projectDir)).filter(({ storage }) => storage !== 'declared'),
    async prepareLogin(request) {
      const agent = agentOf(request.agentId, undefined);
      const way = 'wayId' in request ? wayOf(agent, request.wayId) : undefined;
      const found = await inventory.confirm(agent, undefined);
      const installation = await installationOf(paths);
      const args = 'wayId' in request ? (way?.args ?? []) : request.args;
      return prepareLogin(situation(agent, undefined), found, { host: hostFor(agent), installation, args, way });
    },
    async policy({ agentId, projectDir }) {
      const agent = agentOf(agentId, projectDir);
      const found = await inventory.ensure(agent, projectDir);
      return planSession(situation(agent, projectDir), found, {
        host: hostFor(agent, projectDir),
        variables: inEffect(agent, projectDir),
        stored: stored(agent, projectDir),
        servers: await serversOf(agent, projectDir),
        workingDirectory: projectDir,
        worktree: worktreeOf(projectDir, paths),
        installation: await installationOf(paths),
        signIns: ownLogins.signIns(agentId),
        allowedHosts: options.allowedHosts?.({ agentId: keptUnder(agent), projectDir }) ?? [],
      }).policy;
    },
    async planView({ agentId, projectDir, model }) {
      const agent = agentOf(agentId, projectDir);
      const found = await inventory.ensure(agent, projectDir);
      const decided = situation(agent, projectDir, model === undefined ? {} : { model });
      const providerId = providerIdOf(decided);
      const environment = planOf(decided, found, {
        host: hostFor(agent, projectDir),
        variables: inEffect(agent, projectDir),
        stored: stored(agent, projectDir),
        held: options.held?.({ agentId, projectDir: projectDir ?? scratchDir }),
      });
      const mcp = serversIn(environment, agent.protocol === 'terminal' ? [] : await serversOf(agent, projectDir));
      const { network } = sessionNetwork(decided, {
        ...hostFor(agent, projectDir),
        allowed: options.allowedHosts?.({ agentId: keptUnder(agent), projectDir: projectDir ?? scratchDir }) ?? [],
        servers: mcp.rules,
      });
      return {
        plan: {
          ...planView(environment),
          mcpServers: [...mcp.view],
          ...(decided.resolution?.state === 'own-login' ? { login: { files: loginView(agent)?.files ?? [] } } : {}),
        },
        mode: decided.effective.auth.mode,
        model: decided.effective.auth.model,
        fence: {
          workingDirectory: projectDir ?? scratchDir,
          sandbox: fenceOf(decided.settings.sandbox, options.sandbox()),
          network,
        },
        conflicts: conflicts(decided, projectDir),
        ...(providerId === undefined ? {} : { providerId }),
        ...refusalIn(decided.readiness, projectDir),
      };
    },
    onChange(listener) {
      const stops = [inventory, registry, credentials, liveness, ownLogins].map((one) => one.onChange(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

function fenceOf(
  setting: AgentSettings['sandbox'],
  sandbox: SandboxAvailability,
): Result<'environment.plan'>['fence']['sandbox'] {
  if (setting === 'off') return { state: 'off' };
  return sandbox.state === 'available' ? { state: 'on', backend: sandbox.backend } : sandbox;
}

/** The refusal that a turn there would get now. */
function refusalIn(readiness: Readiness, projectDir: string | undefined): { refusal?: WireError } {
  const refusal = projectDir === undefined ? undefined : folderProblem(projectDir);
  if (refusal !== undefined) return { refusal: toWireError(refusal) };
  return readiness.state === 'not-ready' ? { refusal: readiness.error } : {};
}

const noReferences: ReadReference = (reference) =>
  Promise.reject(new PerchError('REFERENCE_COULD_NOT_CHECK', { reference }));

/** Real paths of what Perch runs from. Asked anew for each session: a folder may be laid out anew meanwhile. */
async function installationOf({ programsDir, moduleDirs }: HostPaths): Promise<string[]> {
  const found = await Promise.all([programsDir, ...moduleDirs].map(resolved));
  return found.filter((path) => path !== undefined);
}
