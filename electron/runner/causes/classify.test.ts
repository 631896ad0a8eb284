import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { classify } from './classify.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const ofWords = (...words: string[]) => classify({ words, stderr: [] }, [], NOW);

/** Sentences as the agents and the providers say them. */
const SAID: readonly (readonly [ErrorCode, string])[] = [
  ['PROVIDER_RATE_LIMITED', 'API Error: Request rejected (429) · Number of requests has exceeded your rate limit.'],
  ['PROVIDER_RATE_LIMITED', "This request would exceed your organization's rate limit of 50 requests per minute."],
  ['PROVIDER_RATE_LIMITED', 'exceeded retry limit, last status: 429 Too Many Requests, request id: req_1'],
  [
    'PROVIDER_RATE_LIMITED',
    'Rate limit reached for m on tokens per min (TPM): Limit 200000. Please try again in 1.574s.',
  ],
  [
    'PROVIDER_RATE_LIMITED',
    'You exceeded your current quota, please check your plan and billing details. Please retry in 3s.',
  ],
  ['PROVIDER_RATE_LIMITED', 'Resource has been exhausted (e.g. check quota).'],
  ['PROVIDER_NO_CREDIT', 'Credit balance is too low'],
  ['PROVIDER_NO_CREDIT', 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.'],
  ['PROVIDER_NO_CREDIT', 'Quota exceeded. Check your plan and billing details.'],
  ['PROVIDER_NO_CREDIT', 'You exceeded your current quota, please check your plan and billing details.'],
  ['PROVIDER_NO_CREDIT', '{"error":{"type":"insufficient_quota"}}'],
  [
    'PROVIDER_OVERLOADED',
    'API Error: 529 Overloaded. This is a server-side issue, usually temporary — try again in a moment.',
  ],
  ['PROVIDER_OVERLOADED', 'Overloaded'],
  ['PROVIDER_OVERLOADED', 'Selected model is at capacity. Please try a different model.'],
  ['PROVIDER_OVERLOADED', 'The model is overloaded. Please try again later.'],
  ['PROVIDER_SERVER_ERROR', 'API Error: 500 Internal server error. This is a server-side issue, usually temporary.'],
  ['PROVIDER_SERVER_ERROR', 'Internal server error'],
  ['PROVIDER_SERVER_ERROR', 'An internal error has occurred. Please retry or report.'],
  ['PROVIDER_SERVER_ERROR', 'The server had an error while processing your request. Sorry about that!'],
  [
    'PROVIDER_CONNECTION_LOST',
    'API Error: Connection to the API was lost (ECONNRESET). This is usually temporary — try again.',
  ],
  ['PROVIDER_CONNECTION_LOST', 'stream disconnected before completion: stream closed before response.completed'],
  [
    'PROVIDER_CONNECTION_LOST',
    'stream disconnected before completion: Transport error: network error: error decoding response body',
  ],
  ['PROVIDER_CONNECTION_LOST', 'terminated'],
  ['PROVIDER_UNREACHABLE', 'connect ECONNREFUSED 127.0.0.1:4000'],
  ['PROVIDER_UNREACHABLE', 'getaddrinfo ENOTFOUND api.anthropic.com'],
  ['PROVIDER_UNREACHABLE', 'stream disconnected before completion: error sending request'],
  ['PROVIDER_TIMEOUT', 'API Error: Request timed out.'],
  ['PROVIDER_TIMEOUT', '504 Gateway Timeout'],
  ['CONTEXT_TOO_LONG', 'prompt is too long: 208310 tokens > 200000 maximum'],
  ['CONTEXT_TOO_LONG', "Codex ran out of room in the model's context window. Start a new thread."],
  ['CONTEXT_TOO_LONG', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
  ['CONTEXT_TOO_LONG', 'Your input exceeds the context window of this model. Please adjust your input and try again.'],
  ['MODEL_UNAVAILABLE', 'The model `m` does not exist or you do not have access to it.'],
  ['MODEL_UNAVAILABLE', 'Project `proj_1` does not have access to model `gpt-5`'],
  [
    'MODEL_UNAVAILABLE',
    'models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.',
  ],
  [
    'MODEL_UNAVAILABLE',
    'Failed to authenticate. API Error: 403 Your API key does not have permission to use the model m.',
  ],
  ['MODEL_UNAVAILABLE', 'model: claude-sonnet-4-6'],
  ['PROVIDER_FORBIDDEN', 'API Error: 403 {"type":"error","error":{"type":"permission_error"}}'],
  ['AGENT_AUTHENTICATION_FAILED', 'unexpected status 401 Unauthorized: Incorrect API key provided'],
  ['AGENT_AUTHENTICATION_FAILED', 'Invalid API key · Fix external API key'],
  ['AGENT_AUTHENTICATION_FAILED', 'API key not valid. Please pass a valid API key.'],
  ['AGENT_SIGN_IN_LAPSED', 'Not logged in · Please run /login'],
  ['AGENT_SIGN_IN_LAPSED', 'OAuth token has expired. Please obtain a new token.'],
];

test.each(SAID)('%s: %s', (code, words) => {
  expect(ofWords(words)).toMatchObject({ code, said: words });
});

test('words that tell no cause, numbers that are no status', () => {
  expect(ofWords('I could not do it')).toBeUndefined();
  expect(ofWords('the tool returned 429 rows and 500 columns')).toBeUndefined();
});

test('the first sentence that tells a cause counts', () => {
  expect(ofWords('something', 'Overloaded', 'Credit balance is too low')).toMatchObject({
    code: 'PROVIDER_OVERLOADED',
  });
});

test('words of one kind of agent are asked before those of all', () => {
  const rows = [{ cause: 'server-error' as const, pattern: /high demand/u }];
  const words = ["We're currently experiencing high demand: overloaded"];
  expect(classify({ words, stderr: [] }, rows, NOW)).toMatchObject({ code: 'PROVIDER_SERVER_ERROR' });
});

test('a connection that breaks on its way to a host that is not reached was never there', () => {
  const words = ['API Error: Connection dropped (ECONNRESET).'];
  const found = classify({ words, stderr: [], unreached: 'api.anthropic.com:443' }, [], NOW);
  expect(found).toMatchObject({ code: 'PROVIDER_UNREACHABLE', values: { host: 'api.anthropic.com:443' } });
  // An answer that did come has nothing to do with it.
  const limited = classify({ words: ['429 Too Many Requests'], stderr: [], unreached: 'x:443' }, [], NOW);
  expect(limited).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
});

const NODE = [
  'node:internal/modules/cjs/loader:1386',
  '  throw err;',
  '  ^',
  '',
  "Error: Cannot find module '/opt/agent/missing.mjs'",
  '    at Function._resolveFilename (node:internal/modules/cjs/loader:1383:15)',
  'Node.js v24.21.0',
];

test.each([
  ['AGENT_SCRIPT_MISSING', 1, NODE, "Error: Cannot find module '/opt/agent/missing.mjs'"],
  ['AGENT_SCRIPT_MISSING', 2, ["python3: can't open file '/opt/a.py': [Errno 2] No such file"], "python3: can't open"],
  ['AGENT_INTERPRETER_MISSING', 127, ['env: node: No such file or directory'], 'env: node'],
  ['AGENT_INTERPRETER_MISSING', 127, ['/usr/bin/env: ‘deno’: No such file or directory'], '/usr/bin/env'],
  ['AGENT_INTERPRETER_MISSING', 127, ['sh: 1: agent: command not found'], 'sh: 1'],
] as const)('%s by exit code %d', (code, exitCode, stderr, missing) => {
  const found = classify({ words: [], stderr, exit: { exitCode, signal: null } }, [], NOW);
  expect(found).toMatchObject({ code, values: { missing: expect.stringContaining(missing) } });
});

test.each([
  [{ exitCode: null, signal: 'SIGSEGV' }, 'SIGSEGV'],
  [{ exitCode: 137, signal: null }, 'SIGKILL'],
])('ended by a signal: %j', (exit, signal) => {
  expect(classify({ words: [], stderr: ['INFO bye'], exit }, [], NOW)).toMatchObject({
    code: 'AGENT_KILLED',
    values: { signal },
  });
});

test('ended by the key that people end a program with', () => {
  expect(classify({ words: [], stderr: [], exit: { exitCode: null, signal: 'SIGINT' } }, [], NOW)).toBeUndefined();
});

test('out of memory, whatever the signal', () => {
  const stderr = ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'];
  const exit = { exitCode: null, signal: 'SIGABRT' };
  expect(classify({ words: [], stderr, exit }, [], NOW)).toMatchObject({ code: 'AGENT_OUT_OF_MEMORY' });
});

test('without words the error that stderr tells, and not its chatter', () => {
  const stderr = ['INFO 429 files read', 'ERROR agent.model: status 529 overloaded', 'WARN saved without a title'];
  expect(classify({ words: [], stderr }, [], NOW)).toMatchObject({ code: 'PROVIDER_OVERLOADED' });
  expect(classify({ words: [], stderr: ['ERROR agent.telemetry: connection timed out'] }, [], NOW)).toBeUndefined();
});
