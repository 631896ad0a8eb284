import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import { quote } from './failures.ts';
import type { Signs } from './signs.ts';

interface RefusedTools {
  /** The agent asked the user for this tool: the user's answer is no refusal of the agent's own. */
  asked(toolCallId: string): void;
  /** The notice that an event of a tool calls for; undefined when it is no refusal. */
  noticeFor(event: AgentEvent): AgentEvent | undefined;
}

/** An agent may refuse a tool by itself, and answer as if all were well. */
export function createRefusedTools(
  { isRefusedTool }: Pick<Signs, 'isRefusedTool'>,
  redact: (text: string) => string,
): RefusedTools {
  const titles = new Map<string, string>();
  const askedFor = new Set<string>();
  return {
    asked(toolCallId) {
      askedFor.add(toolCallId);
    },
    noticeFor(event) {
      if (event.type === 'tool.call') titles.set(event.toolCallId, event.title);
      if (event.type !== 'tool.update' || event.status !== 'failed' || askedFor.has(event.toolCallId)) return undefined;
      const said = (event.content ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('\n');
      if (!isRefusedTool(said)) return undefined;
      const title = event.title ?? titles.get(event.toolCallId) ?? event.toolCallId;
      const values = { title, reason: quote(said, redact) };
      return { type: 'notice', level: 'warn', key: 'notice.tool-refused', values };
    },
  };
}
