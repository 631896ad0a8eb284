import type { Conversation, Reply } from './behaviour.ts';
import { type Dialect, sse, textOf, textOfReply } from './dialect.ts';
import { refuseLikeOpenAi } from './openai-errors.ts';

interface Body {
  model?: string;
  stream?: boolean;
  messages?: { role?: string; content?: unknown }[];
  tools?: { function?: { name?: string } }[];
  response_format?: { type?: string; json_schema?: { schema?: unknown } };
}

const USAGE = { prompt_tokens: 20, completion_tokens: 4, total_tokens: 24 };

function read(raw: unknown): Conversation {
  const body = raw as Body;
  const last = body.messages?.at(-1);
  return {
    model: body.model ?? '',
    stream: body.stream === true,
    prompt: textOf(body.messages?.findLast((message) => message.role === 'user')?.content),
    toolResult: last?.role === 'tool' ? textOf(last.content) : undefined,
    schema: body.response_format?.type === 'json_schema' ? body.response_format.json_schema?.schema : undefined,
    tools: (body.tools ?? []).map((tool) => tool.function?.name ?? ''),
  };
}

const toolCall = (reply: Extract<Reply, { kind: 'tool' }>) => ({
  index: 0,
  id: 'call_1',
  type: 'function',
  function: { name: reply.call.name, arguments: JSON.stringify(reply.call.input) },
});
const endOf = (reply: Reply) => (reply.kind === 'tool' ? 'tool_calls' : 'stop');

function stream(reply: Reply, { model }: Conversation): string[] {
  const chunk = (choices: unknown[], more: object = {}) =>
    sse({ id: 'chatcmpl_1', object: 'chat.completion.chunk', created: 1, model, choices, ...more });
  const delta = (fields: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: fields, finish_reason: finish }]);
  return [
    delta({ role: 'assistant', content: '' }),
    ...(reply.kind === 'tool'
      ? [delta({ tool_calls: [toolCall(reply)] })]
      : reply.chunks.map((content) => delta({ content }))),
    delta({}, endOf(reply)),
    chunk([], { usage: USAGE }),
    sse('[DONE]'),
  ];
}

function whole(reply: Reply, { model }: Conversation): unknown {
  const message =
    reply.kind === 'tool'
      ? { role: 'assistant', content: null, tool_calls: [toolCall(reply)] }
      : { role: 'assistant', content: textOfReply(reply) };
  return {
    id: 'chatcmpl_1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: endOf(reply) }],
    usage: USAGE,
  };
}

export const openAiChat: Dialect = {
  name: 'openai-chat',
  isCall: (method, path) => method === 'POST' && path.endsWith('/chat/completions'),
  credentialHeaders: ['authorization'],
  read,
  stream,
  whole,
  refuse: refuseLikeOpenAi,
};
