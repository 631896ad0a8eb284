import { z } from 'zod';
import type { Cause } from '../../../../shared/errors/causes.ts';
import type { Signs } from './signs.ts';

/** A piece of one answer of the model. */
const chunkSchema = z.object({
  sessionUpdate: z.enum(['agent_message_chunk', 'agent_thought_chunk']),
  messageId: z.string().min(1),
});
const textSchema = z.object({ type: z.literal('content'), content: z.object({ text: z.string() }) });
const toolSchema = z.object({
  sessionUpdate: z.enum(['tool_call', 'tool_call_update']),
  status: z.string().nullish(),
  content: z.array(z.unknown()).nullish(),
});

interface Unfinished {
  /** Takes every update of a turn. Answers with the cause once there were too many such answers. */
  update(update: unknown): Cause | undefined;
}

/**
 * Counts the answers in a row that came to nothing: no tool was at work after them, and the turn did not end. An agent
 * that takes the half of an answer for one that goes on asks for the next at once, and so on without end.
 */
export function createUnfinished({
  unfinished,
  isAbortedTool,
}: Pick<Signs, 'unfinished' | 'isAbortedTool'>): Unfinished {
  let current: string | undefined;
  let count = 0;
  const tool = (update: unknown): void => {
    const { data } = toolSchema.safeParse(update);
    if (data === undefined) return;
    // A tool that got so far was called by an answer that came whole.
    if (data.status === 'in_progress' || data.status === 'completed') count = 0;
    else if (data.status !== 'failed' || !isAbortedTool(textOf(data.content ?? []))) return;
    else count += 1;
    current = undefined;
  };
  return {
    update(update) {
      if (unfinished === undefined) return undefined;
      tool(update);
      const { data } = chunkSchema.safeParse(update);
      if (data !== undefined && data.messageId !== current) {
        if (current !== undefined) count += 1;
        current = data.messageId;
      }
      return count < unfinished.answers ? undefined : unfinished.cause;
    },
  };
}

function textOf(content: readonly unknown[]): string {
  return content.map((part) => textSchema.safeParse(part).data?.content.text ?? '').join('\n');
}
