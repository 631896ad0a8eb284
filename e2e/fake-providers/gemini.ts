import type { Conversation, Reply } from './behaviour.ts';
import { type Dialect, type ErrorReply, type RefusalFacts, type RefusalKind, sse, textOf } from './dialect.ts';

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

const TYPES = 'type.googleapis.com/google.rpc.';
const QUOTA =
  'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
  'head to: https://ai.google.dev/gemini-api/docs/rate-limits.';

type Row = readonly [status: number, code: string, message: string, details?: readonly object[]];

const quotaFailure = (quotaId: string, model: string) => ({
  '@type': `${TYPES}QuotaFailure`,
  violations: [
    {
      quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
      quotaId,
      quotaDimensions: { model, location: 'global' },
    },
  ],
});

const rows = ({ model, retryAfter }: RefusalFacts): Readonly<Record<RefusalKind, Row>> => ({
  'no-key': [403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers."],
  'wrong-key': [
    400,
    'INVALID_ARGUMENT',
    'API key not valid. Please pass a valid API key.',
    [{ '@type': `${TYPES}ErrorInfo`, reason: 'API_KEY_INVALID', domain: 'googleapis.com' }],
  ],
  forbidden: [403, 'PERMISSION_DENIED', `You do not have permission to access the model models/${model}.`],
  'no-model': [
    404,
    'NOT_FOUND',
    `models/${model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
  ],
  'rate-limited': [
    429,
    'RESOURCE_EXHAUSTED',
    `${QUOTA}\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 10\nPlease retry in ${retryAfter}s.`,
    [
      quotaFailure('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', model),
      { '@type': `${TYPES}RetryInfo`, retryDelay: `${retryAfter}s` },
    ],
  ],
  'rate-limited-unsaid': [429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  'no-credit': [
    429,
    'RESOURCE_EXHAUSTED',
    QUOTA,
    [quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier', model)],
  ],
  'server-error': [
    500,
    'INTERNAL',
    'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  ],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  'context-too-long': [
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ],
});

function refuse(kind: RefusalKind, facts: RefusalFacts): ErrorReply {
  const [code, status, message, details] = rows(facts)[kind];
  return { status: code, body: { error: { code, message, status, ...(details === undefined ? {} : { details }) } } };
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
