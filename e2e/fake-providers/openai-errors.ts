import type { ErrorReply, RefusalKind } from './dialect.ts';

const body = (message: string, type: string, code: string | null) => ({ error: { message, type, param: null, code } });

/** OpenAI's words, the same for Responses and Chat Completions. */
export function refuseLikeOpenAi(kind: RefusalKind, credential: string): ErrorReply {
  switch (kind) {
    case 'no-key':
      return {
        status: 401,
        body: body('You did not provide an API key.', 'invalid_request_error', null),
      };
    case 'wrong-key':
      return {
        status: 401,
        body: body(
          `Incorrect API key provided: ${credential}. You can find your API key at https://platform.openai.com/account/api-keys.`,
          'invalid_request_error',
          'invalid_api_key',
        ),
      };
    case 'rate-limited':
      return { status: 429, body: body('Rate limit reached for requests', 'requests', 'rate_limit_exceeded') };
    case 'no-credit':
      return {
        status: 429,
        body: body(
          'You exceeded your current quota, please check your plan and billing details.',
          'insufficient_quota',
          'insufficient_quota',
        ),
      };
    case 'server-error':
      return {
        status: 500,
        body: body('The server had an error while processing your request.', 'server_error', null),
      };
  }
}
