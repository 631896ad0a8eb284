import type { CredentialView } from '../../../shared/model/credential.ts';
import type {
  RunnerMethodName,
  RunnerNotificationName,
  RunnerNotificationParams,
  RunnerParams,
  RunnerResult,
} from '../../../shared/runner-protocol/protocol.ts';
import type { Launch, LaunchNotice, LaunchRequest } from '../launch/launch.ts';

/** The part of the runner's supervisor that turns need. */
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

/** The credentials that an agent holds, and the turn for which it was started or in which they were refused. */
export interface CredentialUse {
  readonly credentials: readonly CredentialView[];
  readonly agentId: string;
  readonly sessionId: string;
  readonly turnId: string;
}

/** Notes the use of credentials. */
export interface CredentialUseNotes {
  /** Before the values leave this process: a use that cannot be noted does not happen. */
  used(use: CredentialUse): void;
  rejected(use: CredentialUse): void;
}

/** An agent as a session of it would start, as far as that is known while its credential is missing. */
export type Foresee = (
  agentId: string,
  projectDir: string,
) => {
  /** Empty: the agent's default. */
  readonly model: string;
  readonly providerId?: string | undefined;
  readonly inTerminal: boolean;
  /** False: the user turned its sandbox off. */
  readonly isolated: boolean;
};

/** The files of a working directory, before a turn and after it. */
export interface TurnCheckpoints {
  /** Answers why there is none: the key and values of a notice. Never rejects. */
  before(turn: { turnId: string; projectDir: string }): Promise<LaunchNotice | undefined>;
  /** Never rejects. */
  after(turn: { turnId: string; projectDir: string }): Promise<void>;
}

/** The part of the agents that turns need: a launch, or the refusal as an error. */
export interface TurnAgents {
  prepareLaunch(request: LaunchRequest): Promise<Launch>;
}
