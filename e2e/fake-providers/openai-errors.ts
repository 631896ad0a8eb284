import type { ErrorReply, RefusalFacts, RefusalKind } from './dialect.ts';

type Row = readonly [status: number, message: string, type: string, code: string | null];

const rows = ({ credential, model, retryAfter }: RefusalFacts): Readonly<Record<RefusalKind, Row>> => ({
  'no-key': [401, 'You did not provide an API key.', 'invalid_request_error', null],
  'wrong-key': [
    401,
    `Incorrect API key provided: ${credential}. You can find your API key at https://platform.openai.com/account/api-keys.`,
    'invalid_request_error',
    'invalid_api_key',
  ],
  forbidden: [
    403,
    `Project \`proj_fake\` does not have access to model \`${model}\``,
    'invalid_request_error',
    'model_not_found',
  ],
  'no-model': [
    404,
    `The model \`${model}\` does not exist or you do not have access to it.`,
    'invalid_request_error',
    'model_not_found',
  ],
  'rate-limited': [
    429,
    `Rate limit reached for ${model} in organization org-fake on tokens per min (TPM): Limit 200000, Used 162960, ` +
      `Requested 42288. Please try again in ${retryAfter}s. Visit https://platform.openai.com/account/rate-limits to learn more.`,
    'tokens',
    'rate_limit_exceeded',
  ],
  'rate-limited-unsaid': [429, 'Rate limit reached for requests', 'requests', 'rate_limit_exceeded'],
  'no-credit': [
    429,
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
      'read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
    'insufficient_quota',
    'insufficient_quota',
  ],
  'server-error': [
    500,
    'The server had an error while processing your request. Sorry about that!',
    'server_error',
    null,
  ],
  overloaded: [
    503,
    'The engine is currently overloaded, please try again later',
    'server_error',
    'server_is_overloaded',
  ],
  'context-too-long': [
    400,
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'invalid_request_error',
    'context_length_exceeded',
  ],
});

/** OpenAI's words, the same for Responses and Chat Completions. */
export function refuseLikeOpenAi(kind: RefusalKind, facts: RefusalFacts): ErrorReply {
  const [status, message, type, code] = rows(facts)[kind];
  return { status, body: { error: { message, type, param: null, code } }, headers: headersOf(kind, facts) };
}

function headersOf(kind: RefusalKind, { retryAfter }: RefusalFacts): Readonly<Record<string, string>> {
  const request = { 'x-request-id': 'req_fake', 'openai-organization': 'org-fake', 'openai-version': '2020-10-01' };
  if (kind !== 'rate-limited') return request;
  return {
    ...request,
    'retry-after': String(retryAfter),
    'retry-after-ms': String(retryAfter * 1000),
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': `${retryAfter}s`,
  };
}
