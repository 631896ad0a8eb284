import type { Conversation, Reply } from './behaviour.ts';
import { type Dialect, type RefusalKind, sse, textOf, textOfReply } from './dialect.ts';
import { refuseLikeOpenAi } from './openai-errors.ts';

interface InputItem {
  type?: string;
  role?: string;
  content?: unknown;
  output?: unknown;
}
interface Body {
  model?: string;
  stream?: boolean;
  input?: string | InputItem[];
  tools?: { name?: string; type?: string }[];
  text?: { format?: { type?: string; schema?: unknown } };
}

const USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 4,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 24,
};

function read(raw: unknown): Conversation {
  const body = raw as Body;
  const items: InputItem[] =
    typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? []);
  const last = items.at(-1);
  const isResult = last?.type === 'function_call_output' || last?.type === 'custom_tool_call_output';
  return {
    model: body.model ?? '',
    stream: body.stream === true,
    prompt: textOf(items.findLast((item) => item.role === 'user')?.content),
    toolResult: isResult
      ? typeof last?.output === 'string'
        ? last.output
        : textOf(last?.output) || '(empty)'
      : undefined,
    schema: body.text?.format?.type === 'json_schema' ? body.text.format.schema : undefined,
    tools: (body.tools ?? []).map((tool) => tool.name ?? tool.type ?? ''),
  };
}

/** `namespace:name`, as newer models call what is in a namespace. */
function nameOf(text: string): { name: string; namespace?: string } {
  const [name = '', namespace] = text.split(':').reverse();
  return namespace === undefined ? { name } : { name, namespace };
}

function item(reply: Reply, status: string) {
  return reply.kind === 'tool'
    ? {
        type: 'function_call',
        id: 'fc_1',
        call_id: 'call_1',
        ...nameOf(reply.call.name),
        arguments: JSON.stringify(reply.call.input),
        status,
      }
    : {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status,
        content: [{ type: 'output_text', text: textOfReply(reply), annotations: [] }],
      };
}

function response(reply: Reply, conversation: Conversation, status: string) {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: conversation.model,
    status,
    output: status === 'completed' ? [item(reply, 'completed')] : [],
    ...(status === 'completed' ? { usage: USAGE } : {}),
  };
}

function stream(reply: Reply, conversation: Conversation): string[] {
  let sequence = 0;
  const event = (type: string, fields: object) => sse({ type, sequence_number: sequence++, ...fields }, type);
  const at = { output_index: 0, item_id: reply.kind === 'tool' ? 'fc_1' : 'msg_1' };
  const deltas =
    reply.kind === 'tool'
      ? [event('response.function_call_arguments.delta', { ...at, delta: JSON.stringify(reply.call.input) })]
      : reply.chunks.map((delta) => event('response.output_text.delta', { ...at, content_index: 0, delta }));
  const empty = { ...item(reply, 'in_progress'), ...(reply.kind === 'tool' ? { arguments: '' } : { content: [] }) };
  return [
    event('response.created', { response: response(reply, conversation, 'in_progress') }),
    event('response.output_item.added', { output_index: 0, item: empty }),
    ...deltas,
    event('response.output_item.done', { output_index: 0, item: item(reply, 'completed') }),
    event('response.completed', { response: response(reply, conversation, 'completed') }),
  ];
}

/** A context that is too long is told once the stream is open. */
function streamRefusal(kind: RefusalKind, conversation: Conversation): string[] | undefined {
  if (kind !== 'context-too-long') return undefined;
  const begun = response({ kind: 'text', chunks: [] }, conversation, 'in_progress');
  const { body } = refuseLikeOpenAi(kind, { credential: '', model: conversation.model, retryAfter: 0 });
  const { code, message } = (body as { error: { code: string; message: string } }).error;
  const failed = { ...begun, status: 'failed', error: { code, message }, usage: null };
  return [
    sse({ type: 'response.created', sequence_number: 0, response: begun }, 'response.created'),
    sse({ type: 'response.failed', sequence_number: 1, response: failed }, 'response.failed'),
  ];
}

export const openAiResponses: Dialect = {
  name: 'openai-responses',
  isCall: (method, path) => method === 'POST' && path.endsWith('/responses'),
  credentialHeaders: ['authorization'],
  read,
  stream,
  whole: (reply, conversation) => response(reply, conversation, 'completed'),
  refuse: refuseLikeOpenAi,
  streamRefusal,
};
