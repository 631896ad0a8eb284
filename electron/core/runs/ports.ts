import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { SessionAuth } from '../../../shared/model/auth.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import type { PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import type {
  LaunchSpec,
  RunnerMethodName,
  RunnerNotificationName,
  RunnerNotificationParams,
  RunnerParams,
  RunnerResult,
} from '../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../shared/runner-protocol/turn-rules.ts';
import type { HeldName } from '../session-env/held.ts';

/** What turns need of the runner's supervisor. */
export interface TurnRunner {
  readonly status: { readonly kind: 'starting' | 'connected' | 'reconnecting' | 'failed' | 'stopped' };
  onStatus(listener: () => void): () => void;
  /** Rejects with RUNNER_NOT_CONNECTED, with RUNNER_CRASHED when it ended meanwhile, or with the runner's error. */
  request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>>;
  onNotification<N extends RunnerNotificationName>(
    name: N,
    listener: (params: RunnerNotificationParams<N>) => void,
  ): () => void;
}

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
  /** Those whose values are in the environment. */
  readonly credentials: readonly CredentialView[];
  /** The user's own variables that are in the environment. */
  readonly variables: readonly VariableView[];
  /** Every name of the environment. */
  readonly held: readonly HeldName[];
  readonly providerId?: string;
  /** As people know it. */
  readonly providerName?: string;
  readonly auth: SessionAuth;
  readonly notices: readonly LaunchNotice[];
  /** Of the turn that it was planned for. */
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

/** The credentials that an agent holds, and the turn for which it was started or in which they were refused. */
export interface CredentialUse {
  readonly credentials: readonly CredentialView[];
  readonly agentId: string;
  readonly sessionId: string;
  readonly turnId: string;
}

/** Where the use of credentials is noted (R14). */
export interface CredentialUseNotes {
  /** Before the values leave this process: a use that cannot be noted does not happen. */
  used(use: CredentialUse): void;
  rejected(use: CredentialUse): void;
}

/** The files of a working directory, before a turn and after it. */
export interface TurnCheckpoints {
  /** Answers why there is none: the key and values of a notice. Never rejects. */
  before(turn: { turnId: string; projectDir: string }): Promise<LaunchNotice | undefined>;
  /** Never rejects. */
  after(turn: { turnId: string; projectDir: string }): Promise<void>;
}

/** What turns need of the agents: a launch, or the refusal as an error. */
export interface TurnAgents {
  prepareLaunch(request: LaunchRequest): Promise<Launch>;
}
