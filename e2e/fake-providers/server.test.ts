import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Behaviour } from './behaviour.ts';
import { type FakeProvider, nothingListens, startFakeProvider } from './server.ts';

const WORD = 'PINEAPPLE';
let provider: FakeProvider;
beforeEach(async () => {
  provider = await startFakeProvider({
    goodKeys: ['good', 'poor'],
    knownWord: WORD,
    behaviours: { poor: 'no-credit' },
  });
});
afterEach(() => provider.close());

const user = { role: 'user', content: 'What is the word?' };
const CALLS = [
  {
    name: 'openai-responses',
    path: '/v1/responses',
    header: (key: string) => ({ authorization: `Bearer ${key}` }),
    body: { model: 'm', stream: true, input: [user] },
    refused: 401,
  },
  {
    name: 'openai-chat',
    path: '/v1/chat/completions',
    header: (key: string) => ({ authorization: `Bearer ${key}` }),
    body: { model: 'm', stream: true, messages: [user] },
    refused: 401,
  },
  {
    name: 'anthropic-messages',
    path: '/v1/messages?beta=true',
    header: (key: string) => ({ 'x-api-key': key }),
    body: { model: 'm', stream: true, messages: [user] },
    refused: 401,
  },
  {
    name: 'gemini',
    path: '/v1beta/models/m:streamGenerateContent?alt=sse',
    header: (key: string) => ({ 'x-goog-api-key': key }),
    body: { contents: [{ role: 'user', parts: [{ text: 'What is the word?' }] }] },
    refused: 400,
  },
];

const ask = (path: string, headers: Record<string, string>, body: unknown) =>
  fetch(provider.url + path, { method: 'POST', headers, body: JSON.stringify(body) });

test.each(CALLS)('$name: only the right credential gets the word', async ({ name, path, header, body, refused }) => {
  const good = await ask(path, header('good'), body);
  const events = (await good.text()).split('\n\n').filter((event) => event !== '');
  expect(events.length).toBeGreaterThan(2);
  expect(events.join('').replaceAll(/[^A-Z]/g, '')).toContain('PI');
  expect(good.status).toBe(200);

  const wrong = await ask(path, header('wrong'), body);
  expect(wrong.status).toBe(refused);
  expect(await wrong.text()).not.toContain(WORD);
  expect((await ask(path, {}, body)).ok).toBe(false);
  expect((await ask(path, header('poor'), body)).ok).toBe(false);

  expect(provider.requests.map(({ credential }) => credential)).toEqual(['good', 'wrong', 'none', 'good']);
  expect(provider.requests[0]).toMatchObject({ dialect: name, model: 'm', prompt: 'What is the word?' });
});

/** Each way to fail with its status by dialect in the order of CALLS, and words that the real providers say. */
const FAILURES: readonly (readonly [Behaviour, readonly number[], RegExp])[] = [
  ['rejected', [401, 401, 401, 400], /incorrect api key|invalid x-api-key|api key not valid/i],
  ['forbidden', [403, 403, 403, 403], /does not have access to model|permission/i],
  ['no-model', [404, 404, 404, 404], /does not exist|not_found_error|is not found/],
  ['rate-limited', [429, 429, 429, 429], /rate limit|quota exceeded/i],
  ['rate-limited-unsaid', [429, 429, 429, 429], /rate limit|exhausted/i],
  ['no-credit', [429, 429, 400, 429], /insufficient_quota|credit balance is too low|exceeded your current quota/i],
  ['server-error', [500, 500, 500, 500], /error/i],
  ['overloaded', [503, 503, 529, 503], /overloaded/i],
  ['context-too-long', [200, 400, 400, 400], /context_length_exceeded|prompt is too long|input token count/],
];

test.each(FAILURES)('%s is told as each provider tells it', async (behaviour, statuses, words) => {
  for (const [index, { path, header }] of CALLS.entries()) {
    const prompt = { role: 'user', content: `FAIL: ${behaviour}`, parts: [{ text: `FAIL: ${behaviour}` }] };
    const body = { model: 'm', stream: true, input: [prompt], messages: [prompt], contents: [prompt] };
    const answer = await ask(path, header('good'), body);
    expect([path, answer.status]).toEqual([path, statuses[index]]);
    expect(answer.headers.get('retry-after')).toBe(behaviour === 'rate-limited' && index < 3 ? '20' : null);
    const told = await answer.text();
    expect(told).toMatch(words);
    expect(told.includes('"retryDelay":"20s"')).toBe(behaviour === 'rate-limited' && index === 3);
  }
});

test('a truncated answer ends in good order, without its end', async () => {
  const body = { model: 'fake-truncated', stream: true, messages: [user] };
  const told = await (await ask('/v1/messages', { 'x-api-key': 'good' }, body)).text();
  expect(told).toContain('message_start');
  expect(told).not.toContain('message_stop');
});

test('where nothing listens a connection is refused', async () => {
  await expect(fetch(await nothingListens())).rejects.toHaveProperty('cause.code', 'ECONNREFUSED');
});

test('a second, wrong credential beside the right one is noticed', async () => {
  const headers = { 'x-api-key': 'good', authorization: 'Bearer leaked' };
  expect((await ask('/v1/messages', headers, { messages: [user] })).status).toBe(401);
  expect(provider.requests[0]).toMatchObject({ credential: 'wrong', credentialHeader: 'authorization' });
});

test('a tool is called once, and its result told back', async () => {
  const headers = { authorization: 'Bearer good' };
  const prompt = 'CALL_TOOL shell {"command":"ls"} and a {remark} of the client';
  const input: unknown[] = [{ role: 'user', content: prompt }];
  const call = await (await ask('/v1/responses', headers, { model: 'm', input })).json();
  expect(call).toMatchObject({ output: [{ type: 'function_call', name: 'shell', arguments: '{"command":"ls"}' }] });
  input.push({ type: 'function_call_output', call_id: 'call_1', output: 'file.txt' });
  const done = await (await ask('/v1/responses', headers, { model: 'm', input })).text();
  expect(done).toContain(`TOOL-DONE: file.txt ${WORD}`);
});

test('an answer can be cut in the middle', async () => {
  const headers = { authorization: 'Bearer good' };
  const answer = await ask('/v1/responses', headers, { model: 'fake-cut', stream: true, input: 'x' });
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

test('a WebSocket is refused in the way that makes Codex fall back', async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const asked = request(`${provider.url}/v1/responses`, { headers }, (answer) => resolve(answer.statusCode));
    asked.once('error', reject);
    asked.end();
  });
  expect(status).toBe(426);
});

test('the lists of models ask for the credential too', async () => {
  const list = (headers: Record<string, string>) => fetch(`${provider.url}/v1/models`, { headers });
  expect((await list({ authorization: 'Bearer wrong' })).status).toBe(401);
  expect(await (await list({ authorization: 'Bearer good' })).json()).toHaveProperty('object', 'list');
  const anthropic = { 'anthropic-version': '2023-06-01', 'x-api-key': 'good' };
  expect(await (await list(anthropic)).json()).toHaveProperty('has_more', false);
});
