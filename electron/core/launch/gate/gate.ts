import { assertNever } from '../../../../shared/assert-never.ts';
import type { WireError } from '../../../../shared/errors/perch-error.ts';
import type { Installation, Readiness } from '../../../../shared/model/agent.ts';
import type { AuthMode, SessionAuth } from '../../../../shared/model/auth.ts';
import type { SandboxAvailability } from '../../../../shared/model/sandbox-policy.ts';

/** The known facts about the credential for the provider that a session would use. */
export type CredentialState =
  | { readonly state: 'not-needed' }
  /** `dead`: those that their provider refuses, as it last said. */
  | { readonly state: 'resolved'; readonly dead: readonly DeadCredential[] }
  | { readonly state: 'missing'; readonly accepted: readonly (readonly string[])[] }
  /** Whatever there is for it is past its end. */
  | { readonly state: 'expired'; readonly entries: readonly { readonly variable: string }[] }
  | { readonly state: 'unreadable'; readonly error: WireError }
  /** The project's file names another endpoint, and the user did not confirm its origin. */
  | { readonly state: 'endpoint-unconfirmed'; readonly origin: string }
  /** None is stored; the agent's own login holds, or that is still being asked, or could not be asked. */
  | { readonly state: 'own-login' | 'own-login-checking' }
  | { readonly state: 'own-login-could-not-check'; readonly reason: string };

interface DeadCredential {
  readonly credentialId: string;
  readonly variable: string;
}

export type ProviderState =
  | { readonly state: 'not-needed' }
  | {
      readonly state: 'derived';
      readonly providerId: string;
      readonly providerName: string;
      readonly credential: CredentialState;
    }
  | { readonly state: 'underivable'; readonly choices: readonly string[] }
  /** Any of them would do: none has a credential. */
  | { readonly state: 'no-credential'; readonly choices: readonly ProviderWithout[] }
  | { readonly state: 'unsupported'; readonly providerId: string; readonly supported: readonly string[] };

interface ProviderWithout {
  readonly providerId: string;
  readonly providerName: string;
  readonly accepted: readonly (readonly string[])[];
}

export interface GateInput {
  readonly agentId: string;
  readonly agentName: string;
  /** The auth that a session would use. */
  readonly auth: SessionAuth;
  /** The modes that the agent has. */
  readonly modes: readonly AuthMode[];
  readonly installation: Installation;
  readonly adapter:
    | { readonly state: 'not-needed' | 'found' | 'checking' }
    | { readonly state: 'missing'; readonly name: string; readonly installCommand: string }
    | { readonly state: 'could-not-check'; readonly name: string; readonly reason: string };
  readonly provider: ProviderState;
  /** The providers whose credential the agent's own login can be. Absent: it has none. */
  readonly loginFor?: readonly string[];
  readonly sandbox: SandboxAvailability;
  readonly sandboxSetting: 'on' | 'off';
}

/**
 * Decides whether a session could start now, by the same rule when the window shows an agent and when a session starts.
 * The first obstacle is named.
 */
export function decideReadiness(input: GateInput): Readiness {
  return (
    atMode(input) ??
    atInstallation(input) ??
    atAdapter(input) ??
    atProvider(input) ??
    atSandbox(input) ?? { state: 'ready' }
  );
}

/** Comes first: in a mode that the agent lacks, no other repair helps. */
function atMode({ agentId, agentName: agent, auth, modes }: GateInput): Readiness | undefined {
  const values = { agent, agentId, mode: auth.mode };
  if (!modes.includes(auth.mode)) {
    return refuse({ code: 'MODE_UNSUPPORTED', values: { ...values, supported: modes.join(', ') } });
  }
  if (auth.mode === 'byo') return undefined;
  const { model, allowedModels } = auth;
  if (!allowedModels.includes(model)) {
    return refuse({ code: 'MODEL_NOT_ALLOWED', values: { ...values, model, allowed: allowedModels.join(', ') } });
  }
  return refuse({ code: 'GATEWAY_NOT_BUILT', values });
}

function atInstallation({ agentId, agentName: agent, installation }: GateInput): Readiness | undefined {
  switch (installation.state) {
    case 'found':
      return undefined;
    case 'checking':
      return { state: 'checking' };
    case 'missing':
      return refuse(
        installation.installCommand === undefined
          ? { code: 'AGENT_PROGRAM_MISSING', values: { agent, agentId, program: installation.program ?? '–' } }
          : { code: 'AGENT_NOT_INSTALLED', values: { agent, agentId, installCommand: installation.installCommand } },
      );
    case 'could-not-check':
      return refuse({ code: 'AGENT_COULD_NOT_CHECK', values: { agent, agentId, reason: installation.reason } });
    default:
      return assertNever(installation);
  }
}

function atAdapter({ agentId, agentName: agent, adapter }: GateInput): Readiness | undefined {
  switch (adapter.state) {
    case 'not-needed':
    case 'found':
      return undefined;
    case 'checking':
      return { state: 'checking' };
    case 'missing': {
      const { name, installCommand } = adapter;
      return refuse({ code: 'AGENT_ADAPTER_MISSING', values: { agent, agentId, adapter: name, installCommand } });
    }
    case 'could-not-check':
      return refuse({ code: 'AGENT_COULD_NOT_CHECK', values: { agent, agentId, reason: adapter.reason } });
    default:
      return assertNever(adapter);
  }
}

function atProvider({ agentId, agentName: agent, provider, loginFor = [] }: GateInput): Readiness | undefined {
  switch (provider.state) {
    case 'not-needed':
      return undefined;
    case 'underivable':
      return refuse({
        code: 'PROVIDER_UNDERIVABLE',
        values: { agent, agentId, choices: provider.choices.join(', ') },
        details: { agentId, choices: provider.choices },
      });
    case 'no-credential':
      return missing({ agent, agentId, loginFor }, provider.choices);
    case 'unsupported': {
      const { providerId, supported } = provider;
      const values = { agent, agentId, provider: providerId, providerId, supported: supported.join(', ') };
      return refuse({ code: 'AGENT_PROVIDER_UNSUPPORTED', values });
    }
    case 'derived':
      return atCredential({ agent, agentId, loginFor }, provider);
    default:
      return assertNever(provider);
  }
}

/** The provider whose credential the gate looks at. */
interface Whose {
  readonly agent: string;
  readonly agentId: string;
  readonly loginFor: readonly string[];
}

function atCredential(
  whose: Whose,
  { providerId, providerName, credential }: Extract<ProviderState, { state: 'derived' }>,
): Readiness | undefined {
  const { agent, agentId } = whose;
  const signIn = signInFor(whose, [providerId]);
  switch (credential.state) {
    case 'not-needed':
    case 'own-login':
      return undefined;
    case 'resolved': {
      const [first] = credential.dead;
      if (first === undefined) return undefined;
      const variable = credential.dead.map((one) => one.variable).join(', ');
      return refuse({
        code: 'BYOK_CREDENTIAL_INVALID',
        values: { agent, agentId, provider: providerName, providerId, variable },
        details: { agentId, providerId, credentialId: first.credentialId, ...signIn },
      });
    }
    case 'endpoint-unconfirmed': {
      const values = { agent, agentId, provider: providerName, providerId, origin: credential.origin };
      return refuse({ code: 'ENDPOINT_NOT_CONFIRMED', values });
    }
    case 'own-login-checking':
      return { state: 'checking' };
    case 'own-login-could-not-check': {
      const values = { agent, agentId, provider: providerName, providerId, reason: credential.reason };
      return refuse({ code: 'OWN_LOGIN_COULD_NOT_CHECK', values, details: { agentId, providerId } });
    }
    case 'unreadable':
      return refuse(credential.error);
    case 'expired': {
      const variable = credential.entries.map((one) => one.variable).join(', ');
      const values = { agent, agentId, provider: providerName, providerId, variable };
      return refuse({ code: 'CREDENTIAL_EXPIRED', values, details: { agentId, providerId, ...signIn } });
    }
    case 'missing':
      return missing(whose, [{ providerId, providerName, accepted: credential.accepted }]);
    default:
      return assertNever(credential);
  }
}

/** True when signing in with the agent itself would do as well: who pays for a plan has no key. */
function signInFor({ loginFor }: Whose, providerIds: readonly string[]): { canSignIn?: true } {
  return providerIds.some((providerId) => loginFor.includes(providerId)) ? { canSignIn: true } : {};
}

/** `providerId` is where a key is pasted first; `choices`, which stands there with several, is where it could be. */
function missing(whose: Whose, providers: readonly ProviderWithout[]): Readiness {
  const { agent, agentId } = whose;
  const [{ providerId, accepted } = { providerId: '', accepted: [] }] = providers;
  const named = providers.length > 1 ? providers.flatMap((one) => one.accepted.slice(0, 1)) : accepted;
  const variables = named.map((together) => together.join(' + '));
  const provider = providers.map(({ providerName }) => providerName).join(' / ');
  const choices = providers.map((one) => one.providerId);
  return refuse({
    code: 'MISSING_BYOK_CREDENTIAL',
    values: { agent, agentId, provider, providerId, variables: variables.join(', ') },
    details: {
      agentId,
      providerId,
      accepted,
      ...(choices.length > 1 ? { choices } : {}),
      ...signInFor(whose, choices),
    },
  });
}

function atSandbox({ agentId, agentName: agent, sandbox, sandboxSetting }: GateInput): Readiness | undefined {
  if (sandboxSetting === 'off') return undefined;
  switch (sandbox.state) {
    case 'available':
      return undefined;
    case 'checking':
      return { state: 'checking' };
    case 'unavailable':
      return refuse({ code: 'SANDBOX_UNAVAILABLE', values: { agent, agentId, reason: sandbox.reason } });
    default:
      return assertNever(sandbox);
  }
}

function refuse(error: WireError): Readiness {
  return { state: 'not-ready', error: { ...error, values: { ...error.values } } };
}
