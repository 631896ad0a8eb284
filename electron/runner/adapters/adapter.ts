import type { AgentEvent, PermissionOutcome } from '../../../shared/model/run-event.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';

/** A running agent with an open conversation, whatever it speaks. */
export interface AgentSession {
  readonly agentName: string;
  readonly agentVersion: string | undefined;
  /** Resolves when the turn ended, after its last event. Never rejects. */
  prompt(turn: TurnRequest): Promise<PromptResult>;
  /** The running prompt ends as cancelled within a second; without one nothing happens. */
  cancel(): void;
  /** False when no such question is open. */
  answerPermission(requestId: string, outcome: PermissionOutcome): boolean;
  /** A line of the agent's stderr: a sign of life, and a hint when a turn fails without a word. */
  errorLine(line: string): void;
}

export interface TurnRequest {
  readonly prompt: string;
  readonly emit: (event: AgentEvent) => void;
}
