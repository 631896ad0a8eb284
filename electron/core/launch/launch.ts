import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { SessionAuth } from '../../../shared/model/auth.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import type { PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import type { LaunchSpec } from '../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../shared/runner-protocol/turn-rules.ts';
import type { EnvironmentName } from './session-env/environment-names.ts';

export interface LaunchRequest {
  readonly agentId: string;
  readonly projectDir: string;
  readonly model?: string;
  /** Absent: the agent's setting. */
  readonly permissionMode?: PermissionMode;
}

/** Everything a session is started with. It holds secrets: it lives no longer than the start. */
export interface Launch {
  readonly launch: LaunchSpec;
  readonly environment: Record<string, string>;
  readonly secretNames: string[];
  readonly policy: SandboxPolicy;
  /** The proxy of the user's network, with its password. Absent: there is none, or nothing goes through Perch's own. */
  readonly upstreamProxy?: UpstreamProxy;
  /** The credentials whose values are in the environment. */
  readonly credentials: readonly CredentialView[];
  /** The user's own variables that are in the environment. */
  readonly variables: readonly VariableView[];
  /** Every name of the environment. */
  readonly environmentNames: readonly EnvironmentName[];
  readonly providerId?: string;
  /** The provider's name for people. */
  readonly providerName?: string;
  readonly auth: SessionAuth;
  readonly notices: readonly LaunchNotice[];
  /** The rules of the turn that the launch was planned for. */
  readonly rules: TurnRules;
  /** Said before the first prompt that an agent gets of a conversation. */
  readonly instructions?: string;
  /** The hosts of the policy without those that the user allowed: these change while the session runs. */
  readonly defaultRules?: NetworkRules;
  /** A session with another fingerprint has another environment: it is not reused. */
  readonly fingerprint: string;
}

export interface LaunchNotice {
  readonly level: 'info' | 'warn';
  readonly key: string;
  readonly values: Record<string, string | number>;
}
