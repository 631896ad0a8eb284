import { assertNever } from '../../../shared/assert-never.ts';
import { defined } from '../../../shared/defined.ts';
import type { AgentSettings, Installation, Readiness } from '../../../shared/model/agent.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { OwnLoginState } from '../../../shared/model/own-login.ts';
import { DEFAULT_PERMISSION_MODE, type PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import { compareVersions } from '../../../shared/versions.ts';
import { contains } from '../../node/paths.ts';
import { type CredentialState, decideReadiness, type GateInput, type ProviderState } from '../launch/gate/gate.ts';
import { keptUnder } from './added-agent.ts';
import type { AgentDeclared } from './declared.ts';
import { type CredentialStanding, type EffectiveModel, effectiveModel } from './effective-model.ts';
import type { Found } from './inventory.ts';
import { withOwnLogin } from './login/own-login.ts';
import { inMode, modesOf } from './modes.ts';
import { inPermissionMode } from './permission-mode.ts';
import type { AgentCredentials, AgentLiveness, AgentProviders, CredentialResolution } from './ports.ts';
import type { Look, Program } from './program.ts';
import type { Agent } from './schema.ts';

export interface SituationInput {
  readonly agent: Agent;
  readonly found: Found | undefined;
  readonly settings: AgentSettings;
  readonly projectDir: string;
  /** The declarations for this agent in this folder. */
  readonly declared?: AgentDeclared;
  /** Undefined: the turn did not ask for one. */
  readonly turnModel: string | undefined;
  /** The mode that this turn asked for. */
  readonly permissionMode?: PermissionMode | undefined;
  readonly registry: AgentProviders;
  readonly credentials: Pick<AgentCredentials, 'resolve'>;
  readonly liveness: Pick<AgentLiveness, 'known'>;
  readonly sandbox: SandboxAvailability;
  /** Undefined, or absent: the agent has no login of its own for this provider. */
  readonly ownLogin?: (providerId: string) => OwnLoginState | undefined;
  /** The provider that the agent used last there. Absent: none yet. */
  readonly keptProvider?: string | undefined;
}

/** `own-login`: nothing is stored for it, and the agent is signed in by itself. */
type Resolution = CredentialResolution | { readonly state: 'own-login' };

/**
 * Everything that is decided about an agent before a session of it starts. The window, the gate and the launch use this
 * one decision.
 */
export interface Situation {
  /** The agent as the session needs it: its own login changes some of its variables and files. */
  readonly agent: Agent;
  readonly settings: AgentSettings;
  readonly installation: Installation;
  readonly effective: EffectiveModel;
  /** Undefined when there is no provider, or none could be derived. */
  readonly resolution: Resolution | undefined;
  readonly readiness: Readiness;
}

export function situationOf(input: SituationInput): Situation {
  const { agent, settings, registry } = input;
  const effective = effectiveModel({
    agent,
    turnModel: input.turnModel,
    auth: settings.auth,
    declaredModel: input.declared?.model,
    ownersOfModel: (model) => registry.ownersOfModel(model),
    standing: (providerId) => standingOf(credentialOf(input, providerId)),
    kept: input.keptProvider,
  });
  const { provider, resolution } = withCredential(effective, input);
  const installation = installationOf(input);
  const readiness = decideReadiness({
    agentId: agent.agentId,
    agentName: agent.name,
    auth: effective.auth,
    modes: modesOf(agent),
    installation,
    adapter: adapterState(agent, input.found),
    provider,
    ...(agent.login === undefined ? {} : { loginFor: Object.keys(agent.login.providers) }),
    sandbox: input.sandbox,
    sandboxSetting: settings.sandbox,
  });
  const withLogin =
    resolution?.state === 'own-login' && agent.login !== undefined ? withOwnLogin(agent, agent.login) : agent;
  const permissionMode = input.permissionMode ?? settings.permissionMode ?? DEFAULT_PERMISSION_MODE;
  const inSession = inMode(inPermissionMode(withLogin, permissionMode), effective.auth.mode);
  return { agent: inSession, settings, installation, effective, resolution, readiness };
}

/** The alternatives that this agent can use of this provider, in the agent's order. */
export function acceptedAlternatives(agent: Agent, providerId: string): string[][] {
  const provider = agent.providers.find((one) => one.providerId === providerId);
  return (provider?.credentials ?? []).map(({ variables }) => [...variables]);
}

function resolveFor(input: SituationInput, providerId: string): CredentialResolution {
  const { agent, credentials, projectDir, settings } = input;
  const request = requestOf(agent, { providerId, projectDir, accounts: settings.accounts });
  return request.accepted.length === 0 ? { state: 'not-needed' } : credentials.resolve(request);
}

/** The credentials that a session of this agent asks for. */
export function requestOf(
  agent: Agent,
  place: { providerId: string; projectDir: string; accounts: AgentSettings['accounts'] },
): Parameters<AgentCredentials['resolve']>[0] {
  const { providerId, projectDir, accounts } = place;
  const accepted = acceptedAlternatives(agent, providerId);
  return { providerId, agentId: keptUnder(agent), projectDir, account: accounts?.[providerId], accepted };
}

interface Credential {
  /** The credential in the form that the gate takes. */
  readonly credential: CredentialState;
  readonly resolution: Resolution;
}

/** `endpoint-unconfirmed`: what is stored does not go to a declared address that the user did not confirm. */
function heldBack(input: SituationInput, providerId: string): Credential | undefined {
  const origin = input.declared?.unconfirmed.get(providerId);
  if (origin === undefined) return undefined;
  const resolution: Resolution = { state: 'missing', accepted: acceptedAlternatives(input.agent, providerId) };
  return { credential: { state: 'endpoint-unconfirmed', origin }, resolution };
}

/** A stored credential comes first, even a broken one, unless it is expired; then comes the agent's own login. */
function credentialOf(input: SituationInput, providerId: string): Credential {
  const held = heldBack(input, providerId);
  if (held !== undefined) return held;
  const resolution = resolveFor(input, providerId);
  if (resolution.state === 'resolved') return { credential: resolvedState(resolution.entries, input), resolution };
  if (resolution.state !== 'missing' && resolution.state !== 'expired') return { credential: resolution, resolution };
  const login = input.ownLogin?.(providerId);
  switch (login?.state) {
    case 'signed-in':
      return { credential: { state: 'own-login' }, resolution: { state: 'own-login' } };
    case 'checking':
      return { credential: { state: 'own-login-checking' }, resolution };
    case 'could-not-check':
      return { credential: { state: 'own-login-could-not-check', reason: login.reason }, resolution };
    case 'signed-out':
    case undefined:
      return { credential: resolution, resolution };
  }
}

function standingOf({ credential }: Credential): CredentialStanding {
  switch (credential.state) {
    case 'resolved':
    case 'own-login':
      return 'usable';
    case 'not-needed':
      return 'not-needed';
    case 'missing':
      return 'none';
    case 'expired':
    case 'unreadable':
    case 'endpoint-unconfirmed':
    case 'own-login-checking':
    case 'own-login-could-not-check':
      return 'troubled';
    default:
      return assertNever(credential);
  }
}

/**
 * The provider as the gate wants it; one that answers comes with its credential, so that none can be forgotten. In
 * `managed` the gateway has it, and the session none.
 */
function withCredential(
  { auth, provider }: EffectiveModel,
  input: SituationInput,
): { provider: ProviderState; resolution?: Resolution } {
  const { agent, registry } = input;
  if (provider.state === 'unsupported') {
    return { provider: { ...provider, supported: agent.providers.map((one) => one.providerId) } };
  }
  if (provider.state === 'no-credential') {
    const without = (providerId: string) => ({
      providerId,
      providerName: registry.get(providerId).name,
      accepted: acceptedAlternatives(agent, providerId),
    });
    return { provider: { state: 'no-credential', choices: provider.choices.map(without) } };
  }
  if (provider.state !== 'derived') return { provider };
  const { providerId } = provider;
  const providerName = registry.get(providerId).name;
  if (auth.mode === 'managed') {
    // Stryker disable next-line all: without a gateway the gate refuses this mode before it looks at the provider.
    return { provider: { state: 'derived', providerId, providerName, credential: { state: 'not-needed' } } };
  }
  const { credential, resolution } = credentialOf(input, providerId);
  return { provider: { state: 'derived', providerId, providerName, credential }, resolution };
}

function resolvedState(entries: readonly CredentialView[], { liveness }: SituationInput): CredentialState {
  const dead = new Set(
    liveness
      .known(entries)
      .filter(({ verdict }) => verdict === 'dead')
      .map(({ credentialId }) => credentialId),
  );
  return { state: 'resolved', dead: entries.filter(({ credentialId }) => dead.has(credentialId)) };
}

function installationOf({ agent, found, projectDir, settings }: SituationInput): Installation {
  if (found === undefined) return { state: 'checking' };
  const { program: look } = found;
  if (look.state === 'missing') {
    return agent.program.kind === 'command'
      ? { state: 'missing', program: agent.program.file }
      : { state: 'missing', installCommand: agent.installCommand };
  }
  if (look.state === 'could-not-check') return { state: 'could-not-check', reason: look.reason };
  const program = foundProgram(look.program, projectDir);
  const others = look.others.map((one) => foundProgram(one, projectDir));
  const minimum = 'minimumVersion' in agent.program ? agent.program.minimumVersion : undefined;
  const isOld = minimum !== undefined && program.version !== undefined && compareVersions(program.version, minimum) < 0;
  const isOther = settings.program !== undefined && settings.program !== program.path;
  return {
    state: 'found',
    ...program,
    ...(others.length === 0 ? {} : { others }),
    ...(isOther ? { chosenIsGone: settings.program } : {}),
    ...(isOld ? { olderThan: minimum } : {}),
  };
}

function foundProgram({ file, version, source }: Program, projectDir: string) {
  // A tool that puts the project's node_modules/.bin on PATH does not make the program less the project's.
  const isOfProject = (source === 'path' || source === 'place') && contains(projectDir, file);
  return {
    path: file,
    source: isOfProject ? ('project' as const) : source,
    ...defined({ version }),
  };
}

function adapterState(agent: Agent, found: Found | undefined): GateInput['adapter'] {
  const { adapter } = agent;
  if (adapter === undefined) return { state: 'not-needed' };
  const look: Look | undefined = found?.adapter;
  if (look === undefined) return { state: 'checking' };
  const { name, installCommand } = adapter;
  switch (look.state) {
    case 'found':
      return { state: 'found' };
    case 'missing':
      return { state: 'missing', name, installCommand };
    case 'could-not-check':
      return { state: 'could-not-check', name, reason: look.reason };
  }
}
