import { randomUUID } from 'node:crypto';
import type { Conversation, Reply } from './behaviour.ts';
import { type Dialect, type ErrorReply, type RefusalKind, sse, textOf, textOfReply } from './dialect.ts';

interface Body {
  model?: string;
  stream?: boolean;
  messages?: { role?: string; content?: unknown }[];
  tools?: { name?: string }[];
  output_config?: { format?: { type?: string; schema?: unknown } };
}
interface Block {
  type?: string;
  content?: unknown;
}

const usage = (output: number) => ({
  input_tokens: 20,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: output,
});

function read(raw: unknown): Conversation {
  const body = raw as Body;
  const messages = body.messages ?? [];
  // A reminder of the client's own may come after the result.
  const since = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
  const blocks = since.flatMap(({ content }) => (Array.isArray(content) ? (content as Block[]) : []));
  const result = blocks.findLast((block) => block?.type === 'tool_result');
  return {
    model: body.model ?? '',
    stream: body.stream === true,
    prompt: textOf(body.messages?.findLast((message) => message.role === 'user')?.content),
    toolResult: result === undefined ? undefined : textOf(result.content),
    schema: body.output_config?.format?.type === 'json_schema' ? body.output_config.format.schema : undefined,
    tools: (body.tools ?? []).map((tool) => tool.name ?? ''),
  };
}

function message(reply: Reply, model: string) {
  const content =
    reply.kind === 'tool'
      ? [{ type: 'tool_use', id: `toolu_${randomUUID()}`, name: reply.call.name, input: reply.call.input }]
      : [{ type: 'text', text: textOfReply(reply) }];
  const stop_reason = reply.kind === 'tool' ? 'tool_use' : 'end_turn';
  return {
    // Claude Code takes two messages of one id for one.
    id: `msg_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason,
    stop_sequence: null,
    usage: usage(4),
  };
}

function stream(reply: Reply, { model }: Conversation): string[] {
  const event = (type: string, fields: object) => sse({ type, ...fields }, type);
  const whole = message(reply, model);
  const start =
    reply.kind === 'tool'
      ? { type: 'tool_use', id: `toolu_${randomUUID()}`, name: reply.call.name, input: {} }
      : { type: 'text', text: '' };
  const deltas =
    reply.kind === 'tool'
      ? [{ type: 'input_json_delta', partial_json: JSON.stringify(reply.call.input) }]
      : reply.chunks.map((text) => ({ type: 'text_delta', text }));
  return [
    event('message_start', { message: { ...whole, content: [], stop_reason: null, usage: usage(0) } }),
    event('content_block_start', { index: 0, content_block: start }),
    ...deltas.map((delta) => event('content_block_delta', { index: 0, delta })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: whole.stop_reason, stop_sequence: null }, usage: usage(4) }),
    event('message_stop', {}),
  ];
}

function refuse(kind: RefusalKind): ErrorReply {
  const error = (status: number, type: string, text: string): ErrorReply => ({
    status,
    body: { type: 'error', error: { type, message: text }, request_id: 'req_fake' },
  });
  switch (kind) {
    case 'no-key':
      return error(401, 'authentication_error', 'x-api-key header is required');
    case 'wrong-key':
      return error(401, 'authentication_error', 'invalid x-api-key');
    case 'rate-limited':
      return error(429, 'rate_limit_error', 'This request would exceed your rate limit.');
    case 'no-credit':
      return error(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.');
    case 'server-error':
      return error(500, 'api_error', 'Internal server error');
  }
}

export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  isCall: (method, path) => method === 'POST' && path.endsWith('/messages'),
  credentialHeaders: ['x-api-key', 'authorization'],
  read,
  stream,
  whole: (reply, { model }) => message(reply, model),
  refuse,
};
