import { join } from 'node:path';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { type AgentAuthPatch, modelsOf } from '../../../shared/model/auth.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import type { HostRule, SandboxAvailability, SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import { specificity } from '../credentials/chain.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';
import type { LoginPath } from '../login-shell/path.ts';
import type { McpService } from '../mcp/service.ts';
import type { Clock, HostPaths } from '../ports.ts';
import type { Launch, LaunchRequest } from '../runs/ports.ts';
import { type HeldName, heldNames } from '../session-env/held.ts';
import { resolveEnvironment } from '../session-env/plan.ts';
import { planView } from '../session-env/view.ts';
import { clearedBy } from '../settings/auth.ts';
import type { VariableService } from '../variables/service.ts';
import { conflictsIn } from './conflicts.ts';
import { createInventory } from './inventory.ts';
import { loadAgents } from './load.ts';
import type { OwnLogins } from './login/own-logins.ts';
import { type PreparedLogin, prepareLogin, wayOf } from './login/prepare.ts';
import { ownLoginView } from './login/view.ts';
import { thisMachine } from './machine.ts';
import { modesOf } from './modes.ts';
import { resolved } from './packages.ts';
import type { AgentCredentials, AgentLiveness, AgentProviders, AgentSettingsStore } from './ports.ts';
import type { Agent } from './schema.ts';
import { planOf, planSession, providerIdOf, type SessionHost, serversIn, stateDirectory } from './session.ts';
import { requestOf, type Situation, situationOf } from './situation.ts';
import { createSurroundings, type SurroundingsOptions } from './surroundings.ts';
import { createVouching, heldBy, vouchedNotices } from './vouch.ts';

export interface AgentService {
  /** Without a project: as for Perch's own scratch folder. */
  views(projectDir?: string): AgentView[];
  /** @throws PerchError AGENT_UNKNOWN */
  view(agentId: string, projectDir?: string): AgentView;
  /** The views once every look is over, the one in the working directory too. */
  look(projectDir?: string): Promise<AgentView[]>;
  /** Looks for the programs again: all of them, on a PATH that is asked for again, or one agent's. Never rejects. */
  refresh(agentId?: string): Promise<void>;
  /** @throws PerchError AGENT_UNKNOWN, MODE_UNSUPPORTED, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED */
  configure(params: Params<'agents.configure'>): Result<'agents.configure'>;
  /** @throws PerchError AGENT_UNKNOWN */
  resetSettings(params: Params<'agents.resetSettings'>): Result<'agents.resetSettings'>;
  /**
   * Asks the provider about the credential unless it was asked within the last minute.
   * @throws PerchError with the very refusal that the view shows, CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  prepareLaunch(request: LaunchRequest): Promise<Launch>;
  /** The credentials that a session started now would hold. @throws PerchError AGENT_UNKNOWN */
  credentialsOf(agentId: string, projectDir?: string): readonly CredentialView[];
  /**
   * What signs the agent in, or with `args` what asks it something about its login.
   * @throws PerchError AGENT_UNKNOWN, LOGIN_UNKNOWN, AGENT_NOT_INSTALLED
   */
  prepareLogin(
    request: { agentId: string } & ({ wayId: string } | { args: readonly string[] }),
  ): Promise<PreparedLogin>;
  /** What fences a session in that is started now. @throws PerchError AGENT_UNKNOWN, AGENT_NOT_INSTALLED */
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
  /** What the conversations of an agent in one place were given last. Absent: there are none. */
  readonly held?: (place: { agentId: string; projectDir: string }) => readonly HeldName[];
  readonly isRouting?: IsRouting;
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
  /** What Perch installed. Absent: nothing. */
  readonly installed?: SurroundingsOptions['installed'];
  /** Absent: no agent has a login of its own. */
  readonly ownLogins?: AgentLogins;
  /** Working directory of turns without a project. Absent: `scratch` in the data directory. */
  readonly scratchDir?: string;
  /** Absent: the platform of this process. */
  readonly platform?: string;
}

type AgentLogins = Pick<OwnLogins, 'state' | 'confirm' | 'signIns' | 'onChange'>;

const NO_LOGINS: AgentLogins = {
  state: () => undefined,
  confirm: async () => {},
  signIns: () => 0,
  onChange: () => () => {},
};

export function createAgentService(options: AgentServiceOptions): AgentService {
  const { paths, registry, credentials, liveness, settings, environment, clock, ownLogins = NO_LOGINS } = options;
  const agents = loadAgents(paths.resourcesDir);
  const scratchDir = options.scratchDir ?? join(paths.dataDir, 'scratch');
  const inventory = createInventory({
    agents,
    surroundings: createSurroundings({ ...options, machine: thisMachine() }),
    choice: (agentId) => settings.agent(agentId).program,
    clock,
  });
  const host: SessionHost = {
    paths,
    environment,
    platform: options.platform ?? process.platform,
    registry,
    agents,
    isRouting: options.isRouting,
  };

  const agentOf = (agentId: string): Agent => {
    const agent = agents.find((one) => one.agentId === agentId);
    if (agent !== undefined) return agent;
    throw new PerchError('AGENT_UNKNOWN', { agentId, known: agents.map((one) => one.agentId).join(', ') });
  };
  const situation = (agent: Agent, projectDir: string | undefined, turnModel?: string): Situation =>
    situationOf({
      agent,
      found: inventory.get(agent.agentId, projectDir),
      settings: settings.agent(agent.agentId),
      projectDir: projectDir ?? scratchDir,
      turnModel,
      registry,
      credentials,
      liveness,
      sandbox: options.sandbox(),
      ownLogin: (providerId) => ownLogins.state(agent.agentId, providerId),
    });
  const inEffect = (agentId: string, projectDir = scratchDir) =>
    options.variables?.inEffect({ agentId, projectDir }) ?? [];
  const stored = (agentId: string, projectDir = scratchDir) =>
    credentials.list().filter(({ scope }) => specificity(scope, { agentId, projectDir }) !== undefined);
  const serversOf = async (agentId: string, projectDir = scratchDir) =>
    (await options.mcp?.inEffect({ agentId, projectDir })) ?? [];
  const freshen = async ({ agent, effective, settings: { accounts } }: Situation, projectDir: string) => {
    const { provider } = effective;
    const providerIds =
      provider.state === 'derived' ? [provider.providerId] : agent.providers.map((one) => one.providerId);
    await Promise.all(
      providerIds.map((providerId) => options.freshen?.(requestOf(agent, { providerId, projectDir, accounts }))),
    );
  };
  const vouch = createVouching({ credentials, liveness });
  const conflicts = (decided: Situation, projectDir: string | undefined): Notice[] =>
    conflictsIn(decided, {
      projectDir: projectDir ?? scratchDir,
      environment,
      registry,
      credentials,
      ownLogin: (providerId) => ownLogins.state(decided.agent.agentId, providerId),
    });
  const loginView = (agent: Agent) =>
    ownLoginView(agent, { ownLogins, stateDirectory: stateDirectory(paths, agent.agentId) });
  const view = (agent: Agent, projectDir: string | undefined): AgentView => {
    const decided = situation(agent, projectDir);
    return viewOf(decided, {
      conflicts: conflicts(decided, projectDir),
      checkedAt: inventory.checkedAt(agent.agentId),
      ownLogin: loginView(agent),
    });
  };

  return {
    views: (projectDir) => agents.map((agent) => view(agent, projectDir)),
    view: (agentId, projectDir) => view(agentOf(agentId), projectDir),
    async look(projectDir) {
      await Promise.all(agents.map((agent) => inventory.ensure(agent.agentId, projectDir)));
      return agents.map((agent) => view(agent, projectDir));
    },
    async refresh(agentId) {
      if (agentId === undefined) void options.loginPath?.refresh();
      await inventory.refresh(agentId);
    },
    configure({ agentId, settings: patch }) {
      const agent = agentOf(agentId);
      if (patch.auth !== undefined) requireAuth(agent, patch.auth, registry);
      const before = settings.agent(agentId).auth;
      const cleared = clearedBy(before, settings.updateAgent(agentId, patch).auth);
      return { agent: view(agent, undefined), ...(cleared.length === 0 ? {} : { cleared }) };
    },
    resetSettings({ agentId, names }) {
      const agent = agentOf(agentId);
      const before = settings.agent(agentId).auth;
      if (names === undefined) settings.forgetAgent(agentId);
      else settings.resetAgent(agentId, names);
      const gone = modelsOf(before).filter((model) => !modelsOf(settings.agent(agentId).auth).includes(model));
      return { agent: view(agent, undefined), ...(gone.length === 0 ? {} : { cleared: gone }) };
    },
    async prepareLaunch({ agentId, projectDir, model }) {
      const agent = agentOf(agentId);
      const found = await inventory.confirm(agentId, projectDir);
      await ownLogins.confirm(agentId);
      const installation = await installationOf(paths);
      await freshen(situation(agent, projectDir, model), projectDir);
      const { decided, values, reports } = await vouch(() => situation(agent, projectDir, model));
      const variables = inEffect(agentId, projectDir);
      const secrets = (await options.variables?.readSecrets(variables)) ?? new Map<string, string>();
      const plan = planSession(decided, found, {
        host,
        variables,
        stored: stored(agentId, projectDir),
        servers: await serversOf(agentId, projectDir),
        workingDirectory: projectDir,
        installation,
        signIns: ownLogins.signIns(agentId),
        allowedHosts: options.allowedHosts?.({ agentId, projectDir }) ?? [],
      });
      ensureDirectory(plan.policy.state.hostPath);
      const held = heldNames(plan.environment, options.isRouting ?? (() => false));
      const own = new Set(held.filter(({ kind }) => kind === 'variable').map(({ name }) => name));
      const providerId = providerIdOf(decided);
      return {
        launch: plan.launch,
        environment: resolveEnvironment(plan.environment, new Map([...values, ...secrets])),
        secretNames: plan.environment.set.filter(({ secret }) => secret).map(({ name }) => name),
        policy: plan.policy,
        ...(plan.defaultRules === undefined ? {} : { defaultRules: plan.defaultRules }),
        credentials: heldBy(decided),
        variables: variables.map(({ variable }) => variable).filter(({ name }) => own.has(name)),
        held,
        ...(providerId === undefined ? {} : { providerId, providerName: registry.get(providerId).name }),
        auth: decided.effective.auth,
        notices: [...plan.notices, ...vouchedNotices(decided, reports, registry), ...conflicts(decided, projectDir)],
        fingerprint: plan.fingerprint,
      };
    },
    credentialsOf: (agentId, projectDir) => heldBy(situation(agentOf(agentId), projectDir)),
    async prepareLogin(request) {
      const agent = agentOf(request.agentId);
      const way = 'wayId' in request ? wayOf(agent, request.wayId) : undefined;
      const found = await inventory.confirm(agent.agentId, undefined);
      const installation = await installationOf(paths);
      const args = 'wayId' in request ? (way?.args ?? []) : request.args;
      return prepareLogin(situation(agent, undefined), found, { host, installation, args, way });
    },
    async policy({ agentId, projectDir }) {
      const found = await inventory.ensure(agentId, projectDir);
      return planSession(situation(agentOf(agentId), projectDir), found, {
        host,
        variables: inEffect(agentId, projectDir),
        stored: stored(agentId, projectDir),
        servers: await serversOf(agentId, projectDir),
        workingDirectory: projectDir,
        installation: await installationOf(paths),
        signIns: ownLogins.signIns(agentId),
        allowedHosts: options.allowedHosts?.({ agentId, projectDir }) ?? [],
      }).policy;
    },
    async planView({ agentId, projectDir, model }) {
      const agent = agentOf(agentId);
      const found = await inventory.ensure(agentId, projectDir);
      const decided = situation(agent, projectDir, model);
      const providerId = providerIdOf(decided);
      const environment = planOf(decided, found, {
        host,
        variables: inEffect(agentId, projectDir),
        stored: stored(agentId, projectDir),
        held: options.held?.({ agentId, projectDir: projectDir ?? scratchDir }),
      });
      return {
        plan: {
          ...planView(environment),
          mcpServers: [...serversIn(environment, await serversOf(agentId, projectDir)).view],
          ...(decided.resolution?.state === 'own-login' ? { login: { files: loginView(agent)?.files ?? [] } } : {}),
        },
        mode: decided.effective.auth.mode,
        model: decided.effective.auth.model,
        conflicts: conflicts(decided, projectDir),
        ...(providerId === undefined ? {} : { providerId }),
        ...(decided.readiness.state === 'not-ready' ? { refusal: decided.readiness.error } : {}),
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

/** Real paths of what Perch runs from. Asked anew for each session: a folder may be laid out anew meanwhile. */
async function installationOf({ programsDir, moduleDirs }: HostPaths): Promise<string[]> {
  const found = await Promise.all([programsDir, ...moduleDirs].map(resolved));
  return found.filter((path) => path !== undefined);
}

/** By mode before anything else (R24). @throws PerchError MODE_UNSUPPORTED, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED */
function requireAuth(agent: Agent, auth: AgentAuthPatch, registry: Pick<AgentProviders, 'get'>): void {
  const modes = modesOf(agent);
  if (!modes.includes(auth.mode)) {
    const values = { agent: agent.name, agentId: agent.agentId, mode: auth.mode };
    throw new PerchError('MODE_UNSUPPORTED', { ...values, supported: modes.join(', ') });
  }
  const providerId = auth.mode === 'managed' ? auth.gateway.providerId : auth.providerId;
  if (typeof providerId === 'string') requireProvider(agent, registry.get(providerId).providerId);
}

function requireProvider(agent: Agent, providerId: string): void {
  const supported = agent.providers.map((provider) => provider.providerId);
  if (supported.includes(providerId)) return;
  const values = { agent: agent.name, agentId: agent.agentId, provider: providerId, providerId };
  throw new PerchError('AGENT_PROVIDER_UNSUPPORTED', { ...values, supported: supported.join(', ') });
}

function viewOf(
  situation: Situation,
  {
    checkedAt,
    ownLogin,
    conflicts,
  }: { checkedAt: number | undefined; ownLogin: AgentView['ownLogin']; conflicts: Notice[] },
): AgentView {
  const { agent, effective } = situation;
  const providerId = providerIdOf(situation);
  return {
    agentId: agent.agentId,
    name: agent.name,
    description: agent.description,
    demo: agent.demo,
    ...(agent.homepage === undefined ? {} : { homepage: agent.homepage }),
    installation: situation.installation,
    readiness: situation.readiness,
    settings: situation.settings,
    ...(agent.toolCredential === 'visible' && agent.providers.length > 0 ? { showsCredentialToTools: true } : {}),
    providerIds: agent.providers.map((provider) => provider.providerId),
    modes: modesOf(agent),
    ...(agent.modes.managed === undefined ? {} : { webTools: agent.modes.managed.webTools }),
    effective: {
      mode: effective.auth.mode,
      ...(providerId === undefined ? {} : { providerId }),
      model: effective.auth.model,
    },
    ...(conflicts.length === 0 ? {} : { conflicts }),
    ...(checkedAt === undefined ? {} : { checkedAt }),
    ...(ownLogin === undefined ? {} : { ownLogin }),
  };
}
