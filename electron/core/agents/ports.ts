import type { Params } from '../../../shared/contract/methods.ts';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { AgentSettingName, AgentSettings } from '../../../shared/model/agent.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../shared/model/liveness.ts';
import type { Dialect } from '../../../shared/model/provider.ts';

/** What agents need of the provider registry. */
export interface AgentProviders {
  /** @throws PerchError PROVIDER_UNKNOWN */
  get(providerId: string): RegisteredProvider;
  all(): readonly RegisteredProvider[];
  ownersOfModel(model: string): readonly string[];
  /** As `get`, at this address; where the user has an endpoint of their own, at that one. */
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

/** What agents need of the credentials. */
export interface AgentCredentials {
  list(): CredentialView[];
  /** `accepted`: complete alternatives, best first. */
  resolve(request: {
    providerId: string;
    agentId: string;
    projectDir: string;
    account?: string | undefined;
    accepted: readonly (readonly string[])[];
    /** What the project itself names. Absent: nothing. */
    declared?: readonly CredentialView[];
  }): CredentialResolution;
  /** Values by the names under which they are kept. */
  readValues(resolution: Extract<CredentialResolution, { state: 'resolved' }>): Promise<ReadonlyMap<string, string>>;
  onChange(listener: () => void): () => void;
}

/** What agents need to know of whether credentials are alive. One alternative at a time. */
export interface AgentLiveness {
  /** The last verdicts, without asking. */
  known(entries: readonly CredentialView[]): LivenessReport[];
  /** Verdicts of the last minute on these values, asking where there is none; bounded. */
  ensure(entries: readonly CredentialView[], values: ReadonlyMap<string, string>): Promise<LivenessReport[]>;
  onChange(listener: () => void): () => void;
}

/** What agents need of the settings. */
export interface AgentSettingsStore {
  agent(agentId: string): AgentSettings;
  resetAgent(agentId: string, names: readonly AgentSettingName[]): void;
  /** All of them, what was not understood too. */
  forgetAgent(agentId: string): void;
  updateAgent(agentId: string, patch: Params<'agents.configure'>['settings']): AgentSettings;
}
