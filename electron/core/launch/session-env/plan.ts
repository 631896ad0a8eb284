import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { VariableSource } from '../../../../shared/model/environment-plan.ts';
import type { SandboxNetwork } from '../../../../shared/model/sandbox-policy.ts';
import { TERMINAL_KIND } from '../../../../shared/model/terminal.ts';
import { isReservedName } from '../../../../shared/variables/reserved-names.ts';
import type { IsRouting } from '../../../../shared/variables/routing.ts';
import type { VariableInEffect } from '../../credentials/variables/chain.ts';
import type { NetworkOfSessions } from '../../network/network-service.ts';
import { baseVariables, type HostEnvironment, sessionPath } from './base-variables.ts';
import { type DeclaredVariable, declaredVariables } from './declared-variables.ts';
import { type EnvironmentName, unsetBetween } from './environment-names.ts';
import { type DeniedVariable, deniedHostVariables } from './host-variables.ts';
import { withoutCredentials } from './managed.ts';
import { networkVariables } from './network-variables.ts';
import { userVariables } from './user-variables.ts';

interface PlannedBase {
  readonly name: string;
  readonly source: VariableSource;
  /** A locale key. */
  readonly reason: string;
}
interface PlainVariable extends PlannedBase {
  readonly secret: false;
  readonly value: string;
}
/** A secret is planned without its value: the plan may be shown. */
interface SecretVariable extends PlannedBase {
  readonly secret: true;
  /** The name under which the value is kept, and under which `CredentialService.readValues` gives it. */
  readonly keptAs: string;
  readonly masked: string;
  /** Absent: one of the user's own variables. */
  readonly providerId?: string;
}
export type PlannedVariable = PlainVariable | SecretVariable;

export interface EnvironmentPlan {
  readonly set: readonly PlannedVariable[];
  /** The names that a conversation had before, and loses with its next turn. */
  readonly unset: readonly { readonly name: string; readonly reason: string }[];
  readonly denied: readonly DeniedVariable[];
}

export interface AgentVariable {
  readonly name: string;
  readonly value: string;
  readonly source: 'agent' | 'model';
  readonly reason: string;
}

/** The user's credentials that a session gets. */
type SessionAccess =
  /** The resolved alternative, whole. `as`: the name under which the agent wants it. */
  | {
      readonly mode: 'byo';
      readonly credentials: readonly { readonly entry: CredentialView; readonly as: string }[];
    }
  /** Stored credentials within the session's reach, none of which it gets. */
  | { readonly mode: 'managed'; readonly stored: readonly CredentialView[] };

export interface PlanInput {
  readonly platform: string;
  /** True for a program in a terminal, whose output a person reads; otherwise a program reads it. */
  readonly inTerminal?: boolean;
  readonly host: HostEnvironment;
  /** Paths as the session sees them. */
  readonly home: string;
  readonly temporary: string;
  readonly agent: readonly AgentVariable[];
  readonly access: SessionAccess;
  /** Every credential variable that the registry and the agents know. */
  readonly knownCredentialVariables: ReadonlySet<string>;
  readonly network: SandboxNetwork;
  /** The proxy and the certificates of the user's network. Absent: there are none. */
  readonly ownNetwork?: NetworkOfSessions | undefined;
  /** The names that the conversations there were given last. */
  readonly givenNames?: readonly EnvironmentName[] | undefined;
  /** The user's own. */
  readonly variables: readonly VariableInEffect[];
  /** The variables of the agent's definition and of the project's file, the narrower first. */
  readonly declared?: readonly DeclaredVariable[];
  /** Names that belong to the settings of providers and agents. */
  readonly isRouting: IsRouting;
}

/**
 * Builds a session's environment from nothing. The same input gives the same plan, in the same order.
 * @throws PerchError VARIABLE_RESERVED when a credential is stored under a name that only Perch may set
 */
export function planEnvironment(input: PlanInput): EnvironmentPlan {
  const byName = new Map<string, PlannedVariable>();
  const own = [
    ...fromPerch(input),
    ...fromNetwork(input),
    ...input.agent.map((one) => ({ ...one, secret: false as const })),
    ...fromCredentials(input),
  ];
  const taken = new Set(own.map(({ name }) => name));
  const users = userVariables({ ...input, taken });
  const mine = new Set([...taken, ...users.set.map(({ name }) => name)]);
  const declared = declaredVariables(input.declared ?? [], { ...input, taken: mine });
  const all = [...fromHost(input), ...declared.set, ...users.set, ...own];
  for (const variable of all) byName.set(variable.name, variable);
  const ofHost = deniedHostVariables(input.host, input.knownCredentialVariables);
  const denied = [...ofHost.filter(({ name }) => !isTakenFromHost(byName, name)), ...users.denied, ...declared.denied];
  const set = [...byName.values()];
  const plan = { set, unset: unsetBetween(input.givenNames ?? [], set), denied };
  return input.access.mode === 'byo' ? plan : withoutCredentials(plan, { ...input, ...input.access });
}

/**
 * The environment itself. `values` by the name under which each secret is kept.
 * @throws PerchError CREDENTIAL_UNREADABLE, VARIABLE_UNREADABLE when a planned secret has no value
 */
export function resolveEnvironment(plan: EnvironmentPlan, values: ReadonlyMap<string, string>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of plan.set) {
    if (!variable.secret) {
      environment[variable.name] = variable.value;
      continue;
    }
    const value = values.get(variable.keptAs);
    if (value === undefined) {
      const { name, keptAs, providerId } = variable;
      if (providerId === undefined) throw new PerchError('VARIABLE_UNREADABLE', { variable: name });
      throw new PerchError('CREDENTIAL_UNREADABLE', { variable: keptAs, providerId });
    }
    environment[variable.name] = value;
  }
  return environment;
}

function fromHost({ host, platform }: PlanInput): PlainVariable[] {
  return baseVariables(host, platform).map(([name, value]) => ({
    name,
    value,
    secret: false,
    source: 'base',
    reason: 'reason.base',
  }));
}

function fromPerch({ home, temporary, host, platform, inTerminal = false }: PlanInput): PlainVariable[] {
  const perch = (name: string, value: string, reason: string): PlainVariable => ({
    name,
    value,
    secret: false,
    source: 'perch',
    reason,
  });
  const path = perch('PATH', sessionPath(host, platform), 'reason.path');
  const colours = inTerminal ? [] : [perch('NO_COLOR', '1', 'reason.no-color')];
  if (platform === 'win32') {
    return [
      path,
      perch('USERPROFILE', home, 'reason.home'),
      perch('HOME', home, 'reason.home'),
      perch('APPDATA', `${home}\\AppData\\Roaming`, 'reason.home'),
      perch('LOCALAPPDATA', `${home}\\AppData\\Local`, 'reason.home'),
      perch('TEMP', temporary, 'reason.temporary'),
      perch('TMP', temporary, 'reason.temporary'),
      ...colours,
    ];
  }
  return [
    path,
    perch('HOME', home, 'reason.home'),
    perch('TMPDIR', temporary, 'reason.temporary'),
    perch('XDG_CONFIG_HOME', `${home}/.config`, 'reason.home'),
    perch('XDG_DATA_HOME', `${home}/.local/share`, 'reason.home'),
    perch('XDG_STATE_HOME', `${home}/.local/state`, 'reason.home'),
    perch('XDG_CACHE_HOME', `${home}/.cache`, 'reason.home'),
    inTerminal ? perch('TERM', TERMINAL_KIND, 'reason.terminal') : perch('TERM', 'dumb', 'reason.no-color'),
    ...colours,
  ];
}

function fromNetwork({ network, ownNetwork }: PlanInput): PlainVariable[] {
  return networkVariables(network, ownNetwork).map((one) => ({ ...one, secret: false, source: 'perch' }));
}

function fromCredentials({ access }: PlanInput): SecretVariable[] {
  if (access.mode === 'managed') return [];
  return access.credentials.map(({ entry, as }) => {
    for (const name of [entry.variable, as]) {
      if (isReservedName(name)) throw new PerchError('VARIABLE_RESERVED', { variable: name });
    }
    return {
      name: as,
      source: entry.storage,
      reason: entry.storage === 'declared' ? 'reason.secret-declared' : `reason.credential-${entry.scope.kind}`,
      secret: true,
      keptAs: entry.variable,
      masked: entry.masked,
      providerId: entry.providerId,
    };
  });
}

/** The base list takes some names from the host; those are not denied. */
function isTakenFromHost(set: ReadonlyMap<string, PlannedVariable>, name: string): boolean {
  return set.get(name)?.source === 'base';
}
