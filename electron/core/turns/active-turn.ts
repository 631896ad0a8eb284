import type { CredentialView } from '../../../shared/model/credential.ts';
import type { PermissionMode } from '../../../shared/model/permission-mode.ts';
import type { RunEvent, TurnOutcome } from '../../../shared/model/run-event.ts';
import type { TurnRules } from '../../../shared/runner-protocol/turn-rules.ts';
import type { Launch } from '../launch/launch.ts';
import type { Trouble } from './cause-line.ts';
import type { CredentialUse } from './ports.ts';
import type { PromptedTerminal } from './terminals.ts';
import { NEW_TURN, type TurnState } from './turn-state.ts';

/**
 * `queued`: behind another turn of the session, or before a runner that is not connected yet. `starting`: the session
 * is being opened. `prompting`: the agent has the prompt.
 */
type TurnPhase = 'queued' | 'starting' | 'prompting' | 'ended';

/** A turn that has not ended, in the memory of the process that runs it. */
export interface ActiveTurn {
  readonly turnId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly projectDir: string;
  /** The submitted model; absent means the agent's own setting. */
  readonly requestedModel: string | undefined;
  /** The submitted permission mode; absent means the agent's own setting. */
  readonly requestedMode: PermissionMode | undefined;
  readonly prompt: string;
  /** Holds secrets; let go of as soon as the session is open. */
  launch: Launch | undefined;
  /** The rules of the turn, once they are known. */
  rules: TurnRules | undefined;
  /** Said to the agent before the prompt. */
  instructions: string | undefined;
  /** Present when the agent is a program in a terminal, once the session is open. */
  terminal: PromptedTerminal | undefined;
  /** The credentials that the agent holds, once it is about to start; no values. */
  credentials: readonly CredentialView[];
  /** The provider of the credentials, by its name for people. */
  providerName: string | undefined;
  phase: TurnPhase;
  /** How often it was sent to an agent. */
  attempt: number;
  /** How it ended, once it has. */
  outcome: TurnOutcome | undefined;
  cancelRequested: boolean;
  state: TurnState;
  /** Tools that the agent runs, by their ids. */
  readonly tools: Set<string>;
  /** The errors that its log holds so far. */
  trouble: Trouble;
  /** Resolves after the end was recorded. Never rejects. */
  readonly finished: PromiseWithResolvers<void>;
}

/** Asked again after every await: another part may have ended the turn, which the compiler cannot know. */
export function hasEnded(turn: ActiveTurn): boolean {
  return turn.phase === 'ended';
}

/** The facts that the trail of credentials records about the turn. */
export function credentialUseOf({ credentials, agentId, sessionId, turnId }: ActiveTurn): CredentialUse {
  return { credentials, agentId, sessionId, turnId };
}

type NewActiveTurn = Pick<
  ActiveTurn,
  'turnId' | 'sessionId' | 'agentId' | 'projectDir' | 'requestedModel' | 'requestedMode' | 'prompt' | 'launch'
>;

/** @param state of a turn that an earlier process accepted */
export function createActiveTurn(turn: NewActiveTurn, state: TurnState = NEW_TURN): ActiveTurn {
  return {
    ...turn,
    rules: undefined,
    instructions: undefined,
    terminal: undefined,
    credentials: [],
    providerName: undefined,
    phase: 'queued',
    attempt: 0,
    outcome: undefined,
    cancelRequested: false,
    state,
    tools: new Set(),
    trouble: {},
    finished: Promise.withResolvers<void>(),
  };
}

/** Apart from `turn.accepted`, which makes the turn. */
export type LaterRunEvent = Exclude<RunEvent, { type: 'turn.accepted' }>;
