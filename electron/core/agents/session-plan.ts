import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { NetworkRules } from '../../../shared/egress/rules.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { HostRule, SandboxNetwork, SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { LaunchSpec } from '../../../shared/runner-protocol/protocol.ts';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import type { VariableInEffect } from '../credentials/variables/chain.ts';
import type { LaunchNotice } from '../launch/launch.ts';
import type { LocatedServer } from '../launch/mcp/locate.ts';
import { type PlannedServers, planServers } from '../launch/mcp/plan.ts';
import type { EnvironmentName } from '../launch/session-env/environment-names.ts';
import { NETWORK_REASONS } from '../launch/session-env/network-variables.ts';
import { type EnvironmentPlan, planEnvironment } from '../launch/session-env/plan.ts';
import { sandboxPolicy } from '../launch/session-env/sandbox-policy.ts';
import type { NetworkOfSessions } from '../network/network-service.ts';
import type { HostPaths } from '../ports.ts';
import { storeParts, type WorktreeStore } from '../projects/worktrees/git-store.ts';
import { keptUnder } from './added-agent.ts';
import type { AgentDeclared } from './declared.ts';
import type { Found } from './inventory.ts';
import { launchSpec, programParts } from './launch.ts';
import { sessionNetwork } from './network.ts';
import type { AgentProviders } from './ports.ts';
import type { Program } from './program.ts';
import type { Agent } from './schema.ts';
import type { Situation } from './situation.ts';
import type { Placeholders } from './template.ts';
import { agentVariables } from './variables.ts';

export interface SessionHost {
  readonly paths: HostPaths;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
  readonly registry: AgentProviders;
  readonly agents: readonly Agent[];
  /** The declarations for the session's agent in its folder. */
  readonly declared?: AgentDeclared;
  /** Names that belong to provider settings. Absent: none. */
  readonly isRouting?: IsRouting | undefined;
  /** The proxy and the certificates of the user's network, as they are now. Absent: there are none. */
  readonly network?: NetworkOfSessions | undefined;
}

interface PlanContext {
  readonly host: SessionHost;
  readonly workingDirectory: string;
  /** When that is a worktree. */
  readonly worktree?: WorktreeStore | undefined;
  /** Real paths of Perch's own programs and modules. */
  readonly installation: readonly string[];
  /** The hosts that the user allowed. */
  readonly allowedHosts: readonly HostRule[];
  readonly variables: readonly VariableInEffect[];
  /** Credentials within reach of the session. */
  readonly stored: readonly CredentialView[];
  /** The MCP servers of the agent and the project. */
  readonly servers: readonly LocatedServer[];
  /** Changes when the agent is signed in anew. */
  readonly signIns: number;
}

/** A session as planned, without a secret in it. */
interface SessionPlan {
  readonly launch: LaunchSpec;
  readonly environment: EnvironmentPlan;
  readonly policy: SandboxPolicy;
  readonly defaultRules: NetworkRules | undefined;
  readonly notices: readonly LaunchNotice[];
  readonly fingerprint: string;
}

/** Where the sandbox shows the agent's state directory. Not below /tmp: Codex refuses to keep its helpers there. */
const HOME_IN_SANDBOX = '/home/agent';

/** The folder in which sandbox backends remember what they made. A session never sees it. */
export function sandboxRecords({ dataDir }: HostPaths): string {
  return join(dataDir, 'sandbox');
}

/** An agent's own folder, by what it is kept under. It survives its sessions; nothing of another agent is in it. */
export function stateDirectory(paths: HostPaths, key: string): string {
  return join(paths.dataDir, 'agents', key, 'home');
}

export function planOf(
  situation: Situation,
  found: Found | undefined,
  {
    host,
    variables,
    stored,
    givenNames,
  }: Pick<PlanContext, 'host' | 'variables' | 'stored'> & { givenNames?: readonly EnvironmentName[] | undefined },
): EnvironmentPlan {
  const { agent, effective, resolution, settings } = situation;
  const sandboxed = settings.sandbox === 'on';
  const home = homeOf(agent, sandboxed, host);
  const entries = resolution?.state === 'resolved' ? resolution.entries : [];
  const names = namesInSession(situation);
  return planEnvironment({
    platform: host.platform,
    inTerminal: agent.protocol === 'terminal',
    host: host.environment,
    home,
    temporary: temporaryOf(sandboxed, home, host),
    variables,
    givenNames,
    isRouting: host.isRouting ?? (() => false),
    declared: host.declared?.variables ?? [],
    agent: agentVariables(agent, providerIdOf(situation), placeholdersOf(situation, found, host)),
    access:
      effective.auth.mode === 'managed'
        ? { mode: 'managed', stored }
        : {
            mode: 'byo',
            credentials: entries.map((entry) => ({ entry, as: names[entry.variable] ?? entry.variable })),
          },
    knownCredentialVariables: knownCredentialVariables(host),
    network: sessionNetwork(situation, { ...host, allowed: [] }).network,
    ownNetwork: host.network,
  });
}

/**
 * The whole session. `found` must hold the program.
 * @throws PerchError AGENT_NOT_INSTALLED when it does not
 */
export function planSession(
  situation: Situation,
  found: Found,
  { host, workingDirectory, worktree, installation, allowedHosts, variables, stored, servers, signIns }: PlanContext,
): SessionPlan {
  const { agent, settings } = situation;
  const program = programOf(found, agent);
  const adapter = found.adapter?.state === 'found' ? found.adapter.program : undefined;
  const { nodeExecutable, dataDir } = host.paths;
  const sandboxed = settings.sandbox === 'on';
  const environment = planOf(situation, found, { host, variables, stored });
  // No protocol reaches a program in a terminal, so it gets no servers.
  const mcp = serversIn(environment, agent.protocol === 'terminal' ? [] : servers);
  const launch = launchSpec({
    agent,
    program,
    adapter,
    nodeExecutable,
    placeholders: placeholdersOf(situation, found, host),
    mcpServers: mcp.launch,
  });
  const { network, defaultRules } = sessionNetwork(situation, { ...host, allowed: allowedHosts, servers: mcp.rules });
  const policy = sandboxPolicy({
    enforcement: sandboxed ? 'required' : 'off',
    programParts: [...programParts({ program, adapter, nodeExecutable }), ...mcp.parts],
    installation,
    certificates: Object.values(host.network?.certificates ?? {}),
    workingDirectory,
    git: worktree === undefined ? undefined : storeParts(worktree),
    nesting: agent.nestedSandbox,
    showSecretFiles: settings.secretFiles === 'shown',
    nodeExecutable,
    records: sandboxRecords(host.paths),
    state: { hostPath: stateDirectory(host.paths, keptUnder(agent)), sandboxPath: homeOf(agent, sandboxed, host) },
    network,
    closed: [dataDir, host.environment.HOME ?? homedir()],
  });
  const proxy = host.network?.proxy;
  const fingerprint = fingerprintOf({ situation, launch, environment, policy, signIns, proxy });
  return {
    launch,
    environment,
    policy,
    defaultRules,
    notices: [...noticesOf(situation, network), ...proxyNotices(network, proxy), ...problemsIn(mcp)],
    fingerprint,
  };
}

/** The MCP servers of a session with this environment. */
export function serversIn({ set }: EnvironmentPlan, servers: readonly LocatedServer[]): PlannedServers {
  const own = set.filter(({ source }) => source === 'variable' || source === 'keychain' || source === 'session-only');
  const variables = new Set(own.flatMap((one) => (one.secret && one.providerId !== undefined ? [] : [one.name])));
  const network = set.flatMap((one) =>
    !one.secret && NETWORK_REASONS.includes(one.reason) ? [{ name: one.name, value: one.value }] : [],
  );
  return planServers(servers, { variables, network });
}

function problemsIn({ view }: PlannedServers): LaunchNotice[] {
  return view.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
}

export function providerIdOf({ effective }: Situation): string | undefined {
  return effective.provider.state === 'derived' ? effective.provider.providerId : undefined;
}

function programOf(found: Found, agent: Agent): Program {
  if (found.program.state === 'found') return found.program.program;
  const { agentId, name, installCommand, program } = agent;
  const values = { agent: name, agentId };
  if (program.kind === 'command') throw new PerchError('AGENT_PROGRAM_MISSING', { ...values, program: program.file });
  throw new PerchError('AGENT_NOT_INSTALLED', { ...values, installCommand });
}

function homeOf(agent: Agent, sandboxed: boolean, { paths, platform }: SessionHost): string {
  const inSandbox = sandboxed && platform === 'linux';
  return inSandbox ? HOME_IN_SANDBOX : stateDirectory(paths, keptUnder(agent));
}

function temporaryOf(sandboxed: boolean, home: string, { environment, platform }: SessionHost): string {
  if (sandboxed && platform === 'linux') return '/tmp';
  // Every user shares the system's own folder: the sandbox makes one in the agent's folder.
  if (sandboxed && platform === 'darwin') return join(home, 'tmp');
  return (platform === 'win32' ? (environment.TEMP ?? environment.TMP) : environment.TMPDIR) ?? '/tmp';
}

/** The names that the agent wants for the alternative that was resolved. */
function namesInSession(situation: Situation): Readonly<Record<string, string>> {
  const { agent, resolution } = situation;
  if (resolution?.state !== 'resolved') return {};
  const held = new Set(resolution.entries.map((entry) => entry.variable));
  const provider = agent.providers.find((one) => one.providerId === providerIdOf(situation));
  return provider?.credentials.find(({ variables }) => variables.every((name) => held.has(name)))?.as ?? {};
}

function placeholdersOf(situation: Situation, found: Found | undefined, { registry }: SessionHost): Placeholders {
  const { agent, effective, resolution, settings } = situation;
  const providerId = providerIdOf(situation);
  const provider = agent.providers.find((one) => one.providerId === providerId);
  const registered = provider === undefined ? undefined : registry.get(provider.providerId);
  // In `managed` the gateway answers, whose address nothing but the gateway can say.
  const direct = effective.auth.mode === 'byo' ? provider : undefined;
  const baseUrl = direct === undefined ? undefined : registered?.baseUrl(direct.dialect);
  const url = baseUrl === undefined ? undefined : URL.parse(baseUrl);
  const variable = resolution?.state === 'resolved' ? resolution.entries[0]?.variable : undefined;
  return {
    providerId,
    providerName: registered?.name,
    baseUrl,
    baseUrlOrigin: url?.origin,
    baseUrlPath: url?.pathname.replace(/^\/+|\/+$/g, ''),
    credentialVariable: variable === undefined ? undefined : (namesInSession(situation)[variable] ?? variable),
    model: effective.auth.model,
    program: found?.program.state === 'found' ? found.program.program.file : undefined,
    sandboxed: settings.sandbox === 'on' ? '1' : undefined,
    instructions: settings.instructions,
    instructionsText: `${settings.instructions ?? ''}\n`,
  };
}

/** Every variable that the registry or an agent takes a credential from. */
export function knownCredentialVariables({
  registry,
  agents,
}: Pick<SessionHost, 'agents'> & { registry: Pick<AgentProviders, 'all'> }): ReadonlySet<string> {
  const ofAgents = agents.flatMap(({ providers }) => providers.flatMap(({ credentials }) => credentials));
  return new Set([
    ...registry.all().flatMap(({ variables }) => variables.map(({ name }) => name)),
    ...ofAgents.flatMap(({ variables, as }) => [...variables, ...Object.values(as)]),
  ]);
}

/** A session that is held to no proxy of Perch's would need the password of the network's. */
function proxyNotices(network: SandboxNetwork, proxy: NetworkOfSessions['proxy']): LaunchNotice[] {
  if (network.kind !== 'shared' || proxy?.userName === undefined) return [];
  return [{ level: 'warn', key: 'notice.proxy-not-passed-on', values: {} }];
}

function noticesOf({ agent, installation, settings }: Situation, network: SandboxNetwork): LaunchNotice[] {
  const values = { agent: agent.name, agentId: agent.agentId };
  const fromProject: LaunchNotice[] =
    installation.state === 'found' && installation.source === 'project'
      ? [{ level: 'warn', key: 'notice.program-from-project', values: { ...values, path: installation.path } }]
      : [];
  if (settings.sandbox === 'off') return [...fromProject, { level: 'warn', key: 'notice.sandbox-off', values }];
  return network.kind === 'shared'
    ? [...fromProject, { level: 'warn', key: 'notice.network-shared', values }]
    : fromProject;
}

/**
 * Two launches have the same fingerprint exactly when a running session could go on with either. A replaced credential
 * changes the fingerprint, which does not contain its value.
 */
function fingerprintOf(options: {
  situation: Situation;
  launch: LaunchSpec;
  environment: EnvironmentPlan;
  policy: SandboxPolicy;
  signIns: number;
  proxy: NetworkOfSessions['proxy'];
}): string {
  const { situation, launch, environment, policy, signIns, proxy = null } = options;
  const { resolution, effective } = situation;
  const held = resolution?.state === 'resolved' ? resolution.entries : [];
  const credentials = held.map(({ credentialId, updatedAt, variable }) => [credentialId, updatedAt, variable]);
  // Its hosts change while it runs.
  const rest = { ...policy, network: policy.network.kind };
  // Not the files: the agent renews its token in them by itself.
  const login = resolution?.state === 'own-login' ? [signIns] : [];
  const all = [launch, environment.set, rest, credentials, login, effective, proxy];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
