import type { Params } from '../../../shared/contract/methods.ts';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentSettingName, AgentSettings } from '../../../shared/model/agent.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../shared/model/liveness.ts';
import type { Dialect } from '../../../shared/model/provider.ts';

/** The part of the provider registry that agents need. */
export interface AgentProviders {
  /** @throws PerchError PROVIDER_UNKNOWN */
  get(providerId: string): RegisteredProvider;
  all(): readonly RegisteredProvider[];
  ownersOfModel(model: string): readonly string[];
  /** Like `get`, at this address; where the user set an endpoint, at that one. */
  at(providerId: string, baseUrl: string): RegisteredProvider;
  onChange(listener: () => void): () => void;
}

export interface RegisteredProvider {
  readonly providerId: string;
  readonly name: string;
  readonly alternatives: readonly (readonly string[])[];
  readonly dialects: readonly Dialect[];
  readonly credentialRequired: boolean;
  /** The user's own endpoint. */
  readonly override: string | undefined;
  readonly variables: readonly { readonly name: string }[];
  baseUrl(dialect: Dialect): string | undefined;
}

export type CredentialResolution =
  | { readonly state: 'not-needed' }
  | { readonly state: 'missing'; readonly accepted: string[][] }
  | { readonly state: 'resolved'; readonly entries: CredentialView[] }
  | { readonly state: 'expired'; readonly entries: CredentialView[] }
  | { readonly state: 'unreadable'; readonly entries: CredentialView[]; readonly error: WireError };

/** The part of the credentials that agents need. */
export interface AgentCredentials {
  list(): CredentialView[];
  /** `accepted`: complete alternatives, best first. */
  resolve(request: {
    providerId: string;
    agentId: string;
    projectDir: string;
    account?: string | undefined;
    accepted: readonly (readonly string[])[];
    /** Credentials that the project itself names. */
    declared?: readonly CredentialView[];
  }): CredentialResolution;
  /** Values by the names under which they are kept. */
  readValues(resolution: Extract<CredentialResolution, { state: 'resolved' }>): Promise<ReadonlyMap<string, string>>;
  onChange(listener: () => void): () => void;
}

/** The part of the liveness checks that agents need, one alternative at a time. */
export interface AgentLiveness {
  /** The last verdicts, without asking. */
  known(entries: readonly CredentialView[]): LivenessReport[];
  /** Verdicts of the last minute on these values, asking where there is none; bounded. */
  ensure(entries: readonly CredentialView[], values: ReadonlyMap<string, string>): Promise<LivenessReport[]>;
  onChange(listener: () => void): () => void;
}

/** The part of the settings that agents need. */
export interface AgentSettingsStore {
  agent(agentId: string): AgentSettings;
  resetAgent(agentId: string, names: readonly AgentSettingName[]): void;
  /** Forgets every setting of the agent, and stored values that were not understood. */
  forgetAgent(agentId: string): void;
  updateAgent(agentId: string, patch: Params<'agents.configure'>['settings']): AgentSettings;
}
