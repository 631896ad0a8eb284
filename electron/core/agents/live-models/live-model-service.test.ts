import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { AgentView } from '../../../../shared/model/agent.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import { liveModelsSchema } from '../../../../shared/model/live-models.ts';
import { createProbe } from '../../credentials/liveness/probe.ts';
import { directFetch } from '../../network/testing/direct-fetch.ts';
import { createProviderRegistry } from '../../providers/registry.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import {
  createLiveModels,
  LIVE_MODELS_CACHE_MS,
  type LiveModelsService,
  MAX_LIST_BYTES,
  NO_LIST_CACHE_MS,
} from './live-model-service.ts';

const CANARY = 'sk-canary-0123456789-abcdefghij-KLMNOPQRST';

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { url: string | undefined; headers: IncomingMessage['headers'] }[];
let server: Server;
let now: number;
let passLimit: () => void;
let lines: Parameters<LogWriter['write']>[0][];
let baseUrls: Map<string, string>;
let providerId: string | undefined;
let held: CredentialView[];
let value: string | undefined;
let live: LiveModelsService;

const says = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  answer = (_, response) => void response.writeHead(status, headers).end(text);
};
const credential = (variable: string, updatedAt = 1): CredentialView => ({
  credentialId: '00000000-0000-4000-8000-000000000001',
  providerId: providerId ?? '',
  variable,
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••',
  createdAt: 1,
  updatedAt,
  status: 'ok',
});

beforeEach(async () => {
  asked = [];
  lines = [];
  now = 1_000_000;
  providerId = 'openai';
  held = [credential('OPENAI_API_KEY')];
  value = CANARY;
  says(200, { data: [{ id: 'gpt-9' }] });
  server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  baseUrls = new Map(['openai', 'anthropic', 'ollama'].map((id) => [id, origin]));
  const clock = {
    now: () => now,
    after(_: number, callback: () => void) {
      passLimit = callback;
      return () => {};
    },
  };
  live = createLiveModels({
    agents: {
      view: () => ({ effective: { mode: 'byo', model: '', ...(providerId && { providerId }) } }) as AgentView,
      credentialsOf: () => held,
    },
    credentials: {
      async readValues({ entries }) {
        const secret = value;
        if (secret === undefined) throw new PerchError('KEYCHAIN_LOCKED');
        return new Map(entries.map(({ variable }) => [variable, secret]));
      },
    },
    registry: createProviderRegistry({
      resourcesDir: join(import.meta.dirname, '../../../../resources'),
      baseUrls: { get: (id) => baseUrls.get(id), set: () => {}, reset: () => {} },
    }),
    probe: createProbe({ clock, fetch: directFetch }),
    clock,
    log: { write: (line: (typeof lines)[number]) => void lines.push(line) } as unknown as LogWriter,
  });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const list = async (fresh?: boolean) => {
  const found = await live.list({ agentId: 'codex', ...defined({ fresh }) });
  expect(liveModelsSchema.parse(found)).toEqual(found);
  expect(JSON.stringify([found, lines])).not.toContain(CANARY);
  return found;
};

test("the provider's own list, asked with the credential of a session in the header alone", async () => {
  expect(await list()).toEqual({ state: 'listed', providerId: 'openai', models: [{ id: 'gpt-9' }], checkedAt: now });
  const [{ url, headers } = { url: '', headers: {} }] = asked;
  expect(url).toBe('/v1/models');
  expect(headers.authorization).toBe(`Bearer ${CANARY}`);
  expect(JSON.stringify({ ...headers, authorization: '' })).not.toContain(CANARY);
});

test("as each provider wants it: Anthropic's own header and version", async () => {
  providerId = 'anthropic';
  held = [credential('ANTHROPIC_API_KEY')];
  says(200, { data: [{ id: 'claude-x', display_name: 'Claude X' }] });
  expect(await list()).toMatchObject({ models: [{ id: 'claude-x', name: 'Claude X' }] });
  expect(asked[0]).toMatchObject({
    url: '/v1/models?limit=1000',
    headers: { 'x-api-key': CANARY, 'anthropic-version': '2023-06-01' },
  });
});

test('a provider that needs no credential is asked without', async () => {
  providerId = 'ollama';
  held = [];
  expect(await list()).toMatchObject({ state: 'listed' });
  expect(asked[0]?.headers).not.toHaveProperty('authorization');
});

describe('nothing is sent', () => {
  test('without a credential, or a provider', async () => {
    held = [];
    expect(await list()).toEqual({ state: 'no-credential' });
    providerId = undefined;
    expect(await list()).toEqual({ state: 'no-credential' });
    expect(asked).toEqual([]);
  });
  test('where the provider has no list', async () => {
    providerId = 'vertex';
    expect(await list()).toEqual({ state: 'not-offered', providerId: 'vertex' });
  });
  test('with a kind of credential that is not let in', async () => {
    providerId = 'anthropic';
    held = [credential('CLAUDE_CODE_OAUTH_TOKEN')];
    expect(await list()).toMatchObject({ state: 'could-not-check', reason: 'kind' });
    expect(asked).toEqual([]);
  });
  test('with a value that no header carries', async () => {
    value = 'two\nlines';
    expect(await list()).toMatchObject({ state: 'could-not-check', reason: 'not-sendable' });
    expect(asked).toEqual([]);
  });
  test('when the keychain does not give it up', async () => {
    value = undefined;
    await expect(list()).rejects.toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    expect(asked).toEqual([]);
  });
});

test.each<[status: number, body: unknown, reason: string]>([
  [401, {}, 'refused'],
  [403, {}, 'permissions'],
  [404, {}, 'not-understood'],
  [429, {}, 'rate'],
  [500, {}, 'trouble'],
  [200, '<html>', 'not-understood'],
  [200, { data: 3 }, 'not-understood'],
])('%i %j: could not check, %s', async (status, body, reason) => {
  says(status, body);
  expect(await list()).toEqual({ state: 'could-not-check', providerId: 'openai', reason, status, checkedAt: now });
});

test('a redirect is not followed', async () => {
  says(302, '', { location: '/elsewhere' });
  expect(await list()).toMatchObject({ state: 'could-not-check', reason: 'redirect' });
  expect(asked).toHaveLength(1);
});

test('a list without an end is cut off', async () => {
  answer = (_, response) => void response.writeHead(200).write(`{"data":[${' '.repeat(MAX_LIST_BYTES)}`);
  expect(await list()).toMatchObject({ state: 'could-not-check', reason: 'not-understood' });
});

test('an answer that does not come is not waited for', async () => {
  answer = () => passLimit();
  expect(await list()).toMatchObject({ state: 'could-not-check', reason: 'timeout' });
});

test('nobody there', async () => {
  baseUrls.set('openai', 'http://127.0.0.1:9');
  expect(await list()).toMatchObject({ state: 'could-not-check', reason: 'unreachable', cause: 'ECONNREFUSED' });
});

describe('a list is asked for again', () => {
  test('after five minutes, not before', async () => {
    await Promise.all([list(), list()]);
    now += LIVE_MODELS_CACHE_MS - 1;
    await list();
    expect(asked).toHaveLength(1);
    now += 1;
    await list();
    expect(asked).toHaveLength(2);
  });
  test('when that is wanted', async () => {
    await list();
    await list(true);
    expect(asked).toHaveLength(2);
  });
  test('soon when there was none', async () => {
    says(500, '');
    await list();
    now += NO_LIST_CACHE_MS - 1;
    await list();
    expect(asked).toHaveLength(1);
    now += 1;
    await list();
    expect(asked).toHaveLength(2);
  });
  test('with another credential, or another address', async () => {
    await list();
    held = [credential('OPENAI_API_KEY', 2)];
    await list();
    expect(asked).toHaveLength(2);
    baseUrls.set('openai', `${baseUrls.get('openai')}/other`);
    await list();
    expect(asked[2]?.url).toBe('/other/models');
  });
});
