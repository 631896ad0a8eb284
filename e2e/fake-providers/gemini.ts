import type { Conversation, Reply } from './behaviour.ts';
import { type Dialect, type ErrorReply, type RefusalKind, sse, textOf } from './dialect.ts';

interface Part {
  text?: string;
  functionResponse?: { response?: unknown };
}
interface Body {
  contents?: { role?: string; parts?: Part[] }[];
  tools?: { functionDeclarations?: { name?: string }[] }[];
  generationConfig?: { responseJsonSchema?: unknown; responseSchema?: unknown };
}

const CALL = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;
const USAGE = { promptTokenCount: 20, candidatesTokenCount: 4, totalTokenCount: 24 };

function read(raw: unknown, path: string): Conversation {
  const body = raw as Body;
  const [, model = '', method = ''] = CALL.exec(path) ?? [];
  const result = body.contents?.at(-1)?.parts?.findLast((part) => part.functionResponse !== undefined);
  return {
    model: decodeURIComponent(model),
    stream: method === 'streamGenerateContent',
    prompt: textOf(body.contents?.findLast((content) => content.role === 'user')?.parts),
    toolResult: result === undefined ? undefined : JSON.stringify(result.functionResponse?.response),
    schema: body.generationConfig?.responseJsonSchema ?? body.generationConfig?.responseSchema,
    tools: (body.tools ?? []).flatMap((tool) => (tool.functionDeclarations ?? []).map((one) => one.name ?? '')),
  };
}

function chunk(part: object, model: string, finishReason?: string) {
  const candidate = { index: 0, content: { role: 'model', parts: [part] }, ...(finishReason ? { finishReason } : {}) };
  return { candidates: [candidate], usageMetadata: USAGE, modelVersion: model };
}

const callPart = (reply: Extract<Reply, { kind: 'tool' }>) => ({
  functionCall: { name: reply.call.name, args: reply.call.input },
});

function stream(reply: Reply, { model }: Conversation): string[] {
  if (reply.kind === 'tool') return [sse(chunk(callPart(reply), model, 'STOP'))];
  return reply.chunks.map((text, index) =>
    sse(chunk({ text }, model, index === reply.chunks.length - 1 ? 'STOP' : undefined)),
  );
}

function refuse(kind: RefusalKind): ErrorReply {
  const error = (code: number, status: string, message: string, reason?: string): ErrorReply => ({
    status: code,
    body: {
      error: {
        code,
        message,
        status,
        ...(reason === undefined
          ? {}
          : { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }] }),
      },
    },
  });
  switch (kind) {
    case 'no-key':
      return error(403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers.");
    case 'wrong-key':
      return error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', 'API_KEY_INVALID');
    case 'rate-limited':
      return error(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).');
    case 'no-credit':
      return error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.');
    case 'server-error':
      return error(500, 'INTERNAL', 'An internal error has occurred.');
  }
}

export const gemini: Dialect = {
  name: 'gemini',
  isCall: (method, path) => method === 'POST' && CALL.test(path),
  credentialHeaders: ['x-goog-api-key'],
  read,
  stream,
  whole: (reply, { model }) =>
    chunk(reply.kind === 'tool' ? callPart(reply) : { text: reply.chunks.join('') }, model, 'STOP'),
  refuse,
};
