import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../shared/model/liveness.ts';
import type { Clock } from '../../node/clock.ts';
import type { DeclaredVariable } from '../launch/session-env/declared-variables.ts';
import { type Declared, NOTHING_DECLARED } from '../projects/declared/read.ts';
import type { AgentLiveness, AgentProviders } from './ports.ts';
import type { Agent } from './schema.ts';

/** The part of the declarations that agents need. */
export interface DeclaredSource {
  /** The declarations in effect in a folder. */
  inEffect(projectDir: string): Declared;
  isConfirmed(projectDir: string, endpoint: { providerId: string; baseUrl: string }): boolean;
}

export const NO_DECLARATIONS: DeclaredSource = { inEffect: () => NOTHING_DECLARED, isConfirmed: () => false };

/** A definition and a folder's file, as they describe one agent there. */
export interface AgentDeclared {
  /** Undefined: they name none. */
  readonly model: string | undefined;
  /** The narrower first. */
  readonly variables: readonly DeclaredVariable[];
  /** The declared origins in use, by provider, that the user has not confirmed. */
  readonly unconfirmed: ReadonlyMap<string, string>;
}

export function declaredFor(
  agent: Agent,
  place: { declarations: DeclaredSource; registry: AgentProviders; projectDir: string },
): AgentDeclared {
  const { declarations, registry, projectDir } = place;
  const declared = declarations.inEffect(projectDir);
  const definition = agent.added?.origin.definition;
  const unconfirmed = [...declared.endpoints].filter(
    ([providerId, baseUrl]) =>
      registry.get(providerId).override === undefined && !declarations.isConfirmed(projectDir, { providerId, baseUrl }),
  );
  return {
    model: definition?.model || declared.models.get(agent.agentId),
    variables: [
      ...variablesOf(definition?.variables, 'agent', 'reason.variable-definition'),
      ...variablesOf(Object.fromEntries(declared.variables), 'declared', 'reason.variable-declared'),
      ...secretsOf(declared, registry),
    ],
    unconfirmed: new Map(unconfirmed.map(([providerId, baseUrl]) => [providerId, new URL(baseUrl).origin])),
  };
}

/** The providers as the sessions of a folder reach them. */
export function registryOf(registry: AgentProviders, declarations: DeclaredSource, projectDir: string): AgentProviders {
  const { endpoints } = declarations.inEffect(projectDir);
  if (endpoints.size === 0) return registry;
  const get: AgentProviders['get'] = (providerId) => {
    const baseUrl = endpoints.get(providerId);
    return baseUrl === undefined ? registry.get(providerId) : registry.at(providerId, baseUrl);
  };
  return { ...registry, get, all: () => registry.all().map(({ providerId }) => get(providerId)) };
}

/**
 * A provider at a declared endpoint is not asked about a credential: its own address knows nothing of a key for another
 * one, and no other address is asked. The result is reported as not checked.
 */
export function livenessOf(
  liveness: AgentLiveness,
  place: { declarations: DeclaredSource; registry: AgentProviders; projectDir: string; clock: Pick<Clock, 'now'> },
): AgentLiveness {
  const { declarations, registry, projectDir, clock } = place;
  const { endpoints } = declarations.inEffect(projectDir);
  if (endpoints.size === 0) return liveness;
  const isElsewhere = ({ providerId }: CredentialView) =>
    endpoints.has(providerId) && registry.get(providerId).override === undefined;
  const untold = ({ credentialId }: CredentialView): LivenessReport => ({
    credentialId,
    verdict: 'could-not-check',
    reason: 'own-endpoint',
    checkedAt: clock.now(),
  });
  const others = (entries: readonly CredentialView[]) => entries.filter((entry) => !isElsewhere(entry));
  return {
    ...liveness,
    known: (entries) => [...liveness.known(others(entries)), ...entries.filter(isElsewhere).map(untold)],
    ensure: async (entries, values) => [
      ...(await liveness.ensure(others(entries), values)),
      ...entries.filter(isElsewhere).map(untold),
    ],
  };
}

/** Declared secrets without a provider; those with one come as credentials. */
function secretsOf({ secrets }: Declared, registry: AgentProviders): DeclaredVariable[] {
  const ofProviders = new Set(registry.all().flatMap(({ variables }) => variables.map(({ name }) => name)));
  return [...secrets]
    .filter(([name]) => !ofProviders.has(name))
    .map(([name, reference]) => ({ name, reference, source: 'declared', reason: 'reason.secret-declared' }));
}

function variablesOf(
  variables: Readonly<Record<string, string>> = {},
  source: DeclaredVariable['source'],
  reason: string,
): DeclaredVariable[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value, source, reason }));
}
