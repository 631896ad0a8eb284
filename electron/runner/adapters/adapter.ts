import type { AgentEvent, PermissionOutcome } from '../../../shared/model/run-event.ts';
import type { McpUnsupported } from '../../../shared/runner-protocol/mcp.ts';
import type { Continuation, PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import type { TurnRules } from '../../../shared/runner-protocol/turn-rules.ts';

/** A running agent with an open conversation, whatever it speaks. */
export interface AgentSession {
  readonly agentName: string;
  readonly agentVersion: string | undefined;
  /** The agent's own name of the conversation, when it can go on with it in another process. */
  readonly agentSessionId: string | undefined;
  /** The outcome of resuming the earlier conversation; undefined when there was none to resume. */
  readonly continuation: Continuation | undefined;
  /** Servers that it was not told of. */
  readonly mcpUnsupported: readonly McpUnsupported[];
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
  readonly rules: TurnRules | undefined;
  readonly emit: (event: AgentEvent) => void;
}
