import { type Fields, joined } from './permission-request.ts';

interface ToolStates {
  /** Takes any update of a session; those of tool calls count. */
  update(update: unknown): void;
  /** The agent's statements about a tool call so far, in order. */
  of(toolCallId: string): Fields;
}

/** The tool calls of one turn that are not over: a later request for a permission may say less than they did. */
export function createToolStates(): ToolStates {
  const states = new Map<string, Fields>();
  return {
    update(update) {
      if (typeof update !== 'object' || update === null) return;
      const { sessionUpdate, toolCallId, status } = update as Fields;
      if (sessionUpdate !== 'tool_call' && sessionUpdate !== 'tool_call_update') return;
      if (typeof toolCallId !== 'string') return;
      if (status === 'completed' || status === 'failed') states.delete(toolCallId);
      else states.set(toolCallId, joined(states.get(toolCallId) ?? {}, update as Fields));
    },
    of: (toolCallId) => states.get(toolCallId) ?? {},
  };
}
