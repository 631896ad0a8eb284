import { randomUUID } from 'node:crypto';
import type { Conversation, Reply } from './behaviour.ts';
import {
  type Dialect,
  type ErrorReply,
  type RefusalFacts,
  type RefusalKind,
  sse,
  textOf,
  textOfReply,
} from './dialect.ts';

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

type Row = readonly [status: number, type: string, message: string];

const rows = ({ model }: RefusalFacts): Readonly<Record<RefusalKind, Row>> => ({
  'no-key': [401, 'authentication_error', 'x-api-key header is required'],
  'wrong-key': [401, 'authentication_error', 'invalid x-api-key'],
  forbidden: [403, 'permission_error', `Your API key does not have permission to use the model ${model}.`],
  'no-model': [404, 'not_found_error', `model: ${model}`],
  'rate-limited': [
    429,
    'rate_limit_error',
    "This request would exceed your organization's rate limit of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.",
  ],
  'rate-limited-unsaid': [429, 'rate_limit_error', 'Number of requests has exceeded your rate limit.'],
  'no-credit': [
    400,
    'invalid_request_error',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ],
  'server-error': [500, 'api_error', 'Internal server error'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  'context-too-long': [400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum'],
});

function refuse(kind: RefusalKind, facts: RefusalFacts): ErrorReply {
  const [status, type, message] = rows(facts)[kind];
  const request_id = `req_${randomUUID()}`;
  return {
    status,
    body: { type: 'error', error: { type, message }, request_id },
    headers: { 'request-id': request_id, 'anthropic-organization-id': 'org-fake', ...limitHeaders(kind, facts) },
  };
}

function limitHeaders(kind: RefusalKind, { retryAfter }: RefusalFacts): Readonly<Record<string, string>> {
  if (kind !== 'rate-limited') return {};
  const reset = new Date(Date.now() + retryAfter * 1000).toISOString();
  return {
    'retry-after': String(retryAfter),
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': reset,
  };
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
