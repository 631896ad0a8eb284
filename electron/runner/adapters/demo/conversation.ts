import type { PromptResponse, SessionUpdate, ToolCallUpdate } from '@agentclientprotocol/sdk';

/** The effects that a turn of the demo agent can have. */
export interface DemoTurn {
  readonly prompt: string;
  /** Prompts of this session before this one, oldest first. */
  readonly earlier: readonly string[];
  readonly workingDirectory: string;
  /** Aborted when the client cancels. */
  readonly signal: AbortSignal;
  update(update: SessionUpdate): Promise<void>;
  /** The kind of the option that the user chose, or that the question was cancelled. */
  ask(toolCall: ToolCallUpdate): Promise<'allowed' | 'rejected' | 'cancelled'>;
}

export type Stop = PromptResponse['stopReason'];

export async function say(turn: DemoTurn, text: string): Promise<void> {
  await turn.update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
}

/** Text as it would come from a model: some words at a time. */
export async function stream(turn: DemoTurn, text: string): Promise<void> {
  for (const piece of text.match(/(?:\S+\s*){1,4}/g) ?? [text]) await say(turn, piece);
}
