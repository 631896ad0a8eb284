import type { AgentSettings, Installation, Readiness } from '../../../shared/model/agent.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import { type CredentialState, decideReadiness, type GateInput, type ProviderState } from '../launch-gate/gate.ts';
import { contains } from '../session-env/sandbox-policy.ts';
import { type EffectiveModel, effectiveModel } from './effective-model.ts';
import type { Found } from './inventory.ts';
import type { AgentCredentials, AgentLiveness, AgentProviders, CredentialResolution } from './ports.ts';
import type { Look } from './program.ts';
import type { Agent } from './schema.ts';

export interface SituationInput {
  readonly agent: Agent;
  readonly found: Found | undefined;
  readonly settings: AgentSettings;
  readonly projectDir: string;
  /** Undefined: the turn did not ask for one. */
  readonly turnModel: string | undefined;
  readonly registry: AgentProviders;
  readonly credentials: Pick<AgentCredentials, 'resolve'>;
  readonly liveness: Pick<AgentLiveness, 'known'>;
  readonly sandbox: SandboxAvailability;
}

/** Everything that is decided about an agent before a session of it starts. Shown, gated and launched alike (R23). */
export interface Situation {
  readonly agent: Agent;
  readonly settings: AgentSettings;
  readonly installation: Installation;
  readonly effective: EffectiveModel;
  /** Undefined when there is no provider, or none could be derived. */
  readonly resolution: CredentialResolution | undefined;
  readonly readiness: Readiness;
}

export function situationOf(input: SituationInput): Situation {
  const { agent, settings, registry } = input;
  const effective = effectiveModel({
    agent,
    turnModel: input.turnModel,
    settings,
    ownersOfModel: (model) => registry.ownersOfModel(model),
    hasCredential: (providerId) => resolveFor(input, providerId).state === 'resolved',
  });
  const { provider, resolution } = withCredential(effective, input);
  const installation = installationOf(agent, input.found, input.projectDir);
  const readiness = decideReadiness({
    agentId: agent.agentId,
    agentName: agent.name,
    installation,
    adapter: adapterState(agent, input.found),
    provider,
    sandbox: input.sandbox,
    sandboxSetting: settings.sandbox,
  });
  return { agent, settings, installation, effective, resolution, readiness };
}

/** The alternatives that this agent can use of this provider, in the agent's order. */
export function acceptedAlternatives(agent: Agent, providerId: string): string[][] {
  const provider = agent.providers.find((one) => one.providerId === providerId);
  return (provider?.credentials ?? []).map(({ variables }) => [...variables]);
}

function resolveFor(input: SituationInput, providerId: string): CredentialResolution {
  const { agent, credentials, projectDir, settings } = input;
  const accepted = acceptedAlternatives(agent, providerId);
  if (accepted.length === 0) return { state: 'not-needed' };
  const account = settings.accounts?.[providerId];
  return credentials.resolve({ providerId, agentId: agent.agentId, projectDir, account, accepted });
}

/** The provider as the gate wants it; one that answers comes with its credential, so that none can be forgotten. */
function withCredential(
  { provider }: EffectiveModel,
  input: SituationInput,
): { provider: ProviderState; resolution?: CredentialResolution } {
  const { agent, registry } = input;
  if (provider.state === 'unsupported') {
    return { provider: { ...provider, supported: agent.providers.map((one) => one.providerId) } };
  }
  if (provider.state !== 'derived') return { provider };
  const { providerId } = provider;
  const resolution = resolveFor(input, providerId);
  const providerName = registry.get(providerId).name;
  const credential = resolution.state === 'resolved' ? resolvedState(resolution.entries, input) : resolution;
  return { provider: { state: 'derived', providerId, providerName, credential }, resolution };
}

function resolvedState(entries: readonly CredentialView[], { liveness }: SituationInput): CredentialState {
  const dead = new Set(
    liveness.known(entries).flatMap(({ verdict, credentialId }) => (verdict === 'dead' ? [credentialId] : [])),
  );
  return { state: 'resolved', dead: entries.filter(({ credentialId }) => dead.has(credentialId)) };
}

function installationOf(agent: Agent, found: Found | undefined, projectDir: string): Installation {
  if (found === undefined) return { state: 'checking' };
  const { program: look } = found;
  if (look.state === 'missing') return { state: 'missing', installCommand: agent.installCommand };
  if (look.state === 'could-not-check') return { state: 'could-not-check', reason: look.reason };
  const { file, version } = look.program;
  // A tool that puts the project's node_modules/.bin on PATH does not make the program less the project's.
  const source = look.program.source === 'path' && contains(projectDir, file) ? 'project' : look.program.source;
  return { state: 'found', path: file, source, ...(version === undefined ? {} : { version }) };
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
