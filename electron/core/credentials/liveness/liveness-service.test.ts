import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import { livenessReportSchema } from '../../../../shared/model/liveness.ts';
import { directFetch } from '../../network/testing/direct-fetch.ts';
import { createProviderRegistry, type ProviderRegistry } from '../../providers/registry.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import { createLivenessService, type LivenessService } from './liveness-service.ts';
import { createProbe, MAX_BODY_BYTES, PROBE_LIMIT_MS, type Probe } from './probe.ts';
import { LIVENESS_CACHE_MS, SILENCE_CACHE_MS } from './verdicts.ts';

const CANARY = 'sk-canary-0123456789-abcdefghij-KLMNOPQRST';

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { url: string; headers: IncomingMessage['headers'] }[];
let server: Server;
let origin: string;
let now: number;
/** Calls back when the limit of a probe is over; undefined: it was taken back. */
let passLimit: (() => void) | undefined;
let lines: Parameters<LogWriter['write']>[0][];
let baseUrls: Map<string, string>;
let registry: ProviderRegistry;
/** What is stored, and the value that the keychain has for it; undefined: it does not give it up. */
let stored: { view: CredentialView; value: string | undefined }[];
let open: (probe: Probe) => LivenessService;
let liveness: LivenessService;
let rejected: string[];

const says = (status: number, body = '', headers: Record<string, string> = {}) => {
  answer = (_, response) => void response.writeHead(status, headers).end(body);
};
const listen = async (one: Server) => {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
};
const close = async (one: Server) => {
  one.closeAllConnections();
  await new Promise((resolve) => one.close(resolve));
};

beforeEach(async () => {
  asked = [];
  lines = [];
  rejected = [];
  now = 1_000_000;
  passLimit = undefined;
  says(200);
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  origin = await listen(server);
  const clock = {
    now: () => now,
    after(delayMs: number, callback: () => void) {
      expect(delayMs).toBe(PROBE_LIMIT_MS);
      passLimit = callback;
      return () => {
        passLimit = undefined;
      };
    },
  };
  baseUrls = new Map();
  registry = createProviderRegistry({
    resourcesDir: join(import.meta.dirname, '../../../../resources'),
    baseUrls: {
      get: (id) => baseUrls.get(id),
      set: (id, url) => void baseUrls.set(id, url),
      reset: (id) => void baseUrls.delete(id),
    },
  });
  stored = [];
  const credentials = {
    list: () => stored.map(({ view }) => view),
    async readValues({ entries }: { entries: CredentialView[] }) {
      const values = new Map<string, string>();
      for (const { credentialId, variable, providerId } of entries) {
        const value = stored.find(({ view }) => view.credentialId === credentialId)?.value;
        if (value === undefined) throw new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
        values.set(variable, value);
      }
      return values;
    },
  };
  const log: LogWriter = {
    write(line) {
      lines.push(line);
      return { log: 'core', segment: 1, offset: 0 };
    },
  };
  open = (probe) =>
    createLivenessService({
      credentials,
      registry,
      probe,
      clock,
      log,
      onRejected: ({ variable }) => void rejected.push(variable),
    });
  liveness = open(createProbe({ clock, fetch: directFetch }));
});
afterEach(async () => {
  await close(server);
});

/** Stores a credential of a provider that is reached at the fake, and checks it. */
function store(providerId: string, variable?: string, value: string | undefined = CANARY): string {
  if (!baseUrls.has(providerId)) registry.setBaseUrl(providerId, origin);
  const named = variable ?? registry.get(providerId).defaultVariable ?? '';
  const view: CredentialView = {
    credentialId: `00000000-0000-4000-8000-${String(stored.length).padStart(12, '0')}`,
    providerId,
    variable: named,
    scope: { kind: 'global' },
    storage: 'keychain',
    masked: '••••',
    createdAt: now,
    updatedAt: now,
    status: 'not-checked',
  };
  stored.push({ view, value });
  return view.credentialId;
}
const loseValues = () => {
  stored = stored.map(({ view }) => ({ view, value: undefined }));
};
async function check(credentialId: string, fresh?: boolean) {
  return livenessReportSchema.parse(await liveness.check({ credentialId, ...defined({ fresh }) }));
}

describe('what the provider answers', () => {
  test.each<[string, string, number, string, string, string]>([
    ['200', 'openai', 200, '', 'alive', 'accepted'],
    ['400', 'openai', 400, '', 'alive', 'answered'],
    ['400 of Google with a dead body', 'google', 400, '{"reason": "API_KEY_INVALID"}', 'dead', 'refused'],
    ['400 of Google with another body', 'google', 400, '{"reason": "OTHER"}', 'alive', 'answered'],
    ['401', 'openai', 401, '', 'dead', 'refused'],
    ['403', 'google', 403, '', 'dead', 'refused'],
    ['limited 403', 'openai', 403, '', 'limited', 'permissions'],
    ['402', 'openai', 402, '', 'no-credit', 'credit'],
    ['404', 'openai', 404, '', 'alive', 'answered'],
    ['429', 'openai', 429, '', 'limited', 'rate'],
    ['500', 'openai', 500, '', 'unknown', 'trouble'],
  ])('%s', async (_, providerId, status, body, verdict, reason) => {
    says(status, body);
    const credentialId = store(providerId);
    expect(await check(credentialId)).toEqual({ credentialId, verdict, reason, status, checkedAt: now });
    expect(asked).toHaveLength(1);
    expect(passLimit).toBeUndefined();
  });

  test('nothing within the limit', async () => {
    const heard = Promise.withResolvers<void>();
    answer = () => heard.resolve();
    const checked = check(store('openai'));
    await heard.promise;
    passLimit?.();
    expect(await checked).toMatchObject({ verdict: 'unknown', reason: 'timeout' });
  });

  test('a body that does not end is bounded too', async () => {
    const headed = Promise.withResolvers<void>();
    answer = (_, response) => void response.writeHead(400).write('{', () => headed.resolve());
    const checked = check(store('google'));
    await headed.promise;
    passLimit?.();
    expect(await checked).toMatchObject({ verdict: 'unknown', reason: 'timeout' });
  });

  test('a body that goes on and on is read up to a limit', async () => {
    answer = (_, response) => void response.writeHead(400).write(`${' '.repeat(MAX_BODY_BYTES)}API_KEY_INVALID`);
    expect(await check(store('google'))).toMatchObject({ verdict: 'alive', reason: 'answered' });
  });

  test('a refused connection', async () => {
    const credentialId = store('openai');
    await close(server);
    expect(await check(credentialId)).toMatchObject({ verdict: 'unknown', cause: 'ECONNREFUSED' });
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });

  test('an answer that breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(400, { 'content-length': '100' }).flushHeaders();
      response.write('{', () => response.destroy());
    };
    expect(await check(store('google'))).toMatchObject({ verdict: 'unknown', reason: 'unreachable' });
  });

  test('a redirect is not followed', async () => {
    const hits: string[] = [];
    const elsewhere = createServer((request, response) => {
      hits.push(request.headers.authorization ?? 'without it');
      response.end();
    });
    const location = await listen(elsewhere);
    says(307, '', { location });
    expect(await check(store('openai'))).toMatchObject({ verdict: 'could-not-check', reason: 'redirect' });
    expect(hits).toEqual([]);
    // The same answer leads there when it is followed.
    await fetch(origin, { redirect: 'follow' });
    expect(hits).toEqual(['without it']);
    await close(elsewhere);
  });
});

describe('what is asked', () => {
  test.each([
    ['openai', undefined, '/v1/models', 'authorization', `Bearer ${CANARY}`],
    ['anthropic', 'ANTHROPIC_API_KEY', '/v1/models?limit=1', 'x-api-key', CANARY],
    ['anthropic', 'ANTHROPIC_AUTH_TOKEN', '/v1/models?limit=1', 'authorization', `Bearer ${CANARY}`],
    ['google', undefined, '/v1beta/models?pageSize=1', 'x-goog-api-key', CANARY],
    // Its list of models is public: that would say nothing.
    ['openrouter', undefined, '/api/v1/key', 'authorization', `Bearer ${CANARY}`],
  ])('%s %s: the value is in its header alone', async (providerId, variable, path, header, sent) => {
    await check(store(providerId, variable));
    const [request] = asked;
    expect(request?.url).toBe(path);
    expect(request?.headers[header]).toBe(sent);
    const { [header]: _, ...others } = request?.headers ?? {};
    expect(JSON.stringify(others)).not.toContain('canary');
  });

  test.each([
    ['a subscription token', 'anthropic', 'CLAUDE_CODE_OAUTH_TOKEN', CANARY, 'kind'],
    ['a public list of models', 'ollama-cloud', undefined, CANARY, 'no-request'],
    [
      'an endpoint of the user’s where the registry only has an address of its own',
      'github-copilot',
      undefined,
      CANARY,
      'own-endpoint',
    ],
    ['what is no secret', 'azure-openai', 'AZURE_RESOURCE_NAME', 'mine', 'plain'],
    ['a key that is signed with, not sent', 'bedrock', 'AWS_ACCESS_KEY_ID', CANARY, 'kind'],
  ])('%s could not be checked, and nothing is sent', async (_, providerId, variable, value, reason) => {
    const report = await check(store(providerId, variable, value));
    expect(report).toMatchObject({ verdict: 'could-not-check', reason });
    expect(asked).toEqual([]);
  });

  test.each([
    ['a character that no header can carry', `${CANARY}\u2028x`],
    ['a line break', `${CANARY}\nx`],
  ])('a value with %s is invalid without asking, and its provider has not refused it', async (_, value) => {
    const report = await check(store('openai', undefined, value));
    expect(report).toMatchObject({ verdict: 'dead', reason: 'not-sendable' });
    expect(asked).toEqual([]);
    expect(rejected).toEqual([]);
  });

  test('an address that names a variable needs its value, which must not end the host', async () => {
    const credentialId = store('azure-openai', 'AZURE_API_KEY');
    registry.reset('azure-openai');
    expect(await check(credentialId)).toMatchObject({ verdict: 'could-not-check', reason: 'incomplete' });
    store('azure-openai', 'AZURE_RESOURCE_NAME', 'elsewhere.example/');
    registry.reset('azure-openai');
    expect(await check(credentialId)).toMatchObject({ verdict: 'could-not-check', reason: 'incomplete' });
    stored.pop();
    store('azure-openai', 'AZURE_RESOURCE_NAME', 'mine');
    registry.reset('azure-openai');
    const urls: string[] = [];
    liveness = open(async ({ url }) => {
      urls.push(url);
      return { kind: 'timeout' };
    });
    await check(credentialId);
    expect(urls).toEqual(['https://mine.openai.azure.com/openai/v1/models']);
  });

  test('what the keychain does not give up is said to be so, not passed', async () => {
    const credentialId = store('anthropic', 'CLAUDE_CODE_OAUTH_TOKEN');
    loseValues();
    await expect(check(credentialId)).rejects.toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
    await expect(check('00000000-0000-4000-8000-00000000ffff')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(asked).toEqual([]);
  });
});

describe('how often', () => {
  test('an answer is good for a minute; asked for anew, and for another endpoint or value, at once', async () => {
    const credentialId = store('openai');
    const first = await check(credentialId);
    now += LIVENESS_CACHE_MS - 1;
    says(401);
    expect(await check(credentialId)).toEqual(first);
    expect(asked).toHaveLength(1);
    expect(await check(credentialId, true)).toMatchObject({ verdict: 'dead', checkedAt: now });
    expect(await check(credentialId)).toMatchObject({ verdict: 'dead' });
    expect(asked).toHaveLength(2);
    registry.setBaseUrl('openai', `${origin}/other`);
    await check(credentialId);
    expect(asked.map(({ url }) => url)).toEqual(['/v1/models', '/v1/models', '/other/models']);
    says(200);
    expect(await check(store('openai'))).toMatchObject({ verdict: 'alive' });
    now += LIVENESS_CACHE_MS;
    await check(stored[0]?.view.credentialId ?? '');
    expect(asked).toHaveLength(5);
  });

  test('trouble is not remembered', async () => {
    says(503);
    const credentialId = store('openai');
    await check(credentialId);
    says(200);
    expect(await check(credentialId)).toMatchObject({ verdict: 'alive' });
  });
});

describe('what the gate knows', () => {
  const entryOf = (credentialId: string) =>
    stored.flatMap(({ view }) => (view.credentialId === credentialId ? [view] : []));
  const known = (...ids: string[]) => liveness.known(ids.flatMap(entryOf)).map(({ verdict }) => verdict);
  const ensure = async (...ids: string[]) =>
    (await liveness.ensure(ids.flatMap(entryOf))).map(({ verdict }) => verdict);

  test('a verdict of the last minute costs no request; an older one is shown until there is another', async () => {
    const credentialId = store('openai');
    expect(known(credentialId)).toEqual([]);
    says(401);
    expect(await ensure(credentialId)).toEqual(['dead']);
    says(200);
    now += LIVENESS_CACHE_MS - 1;
    expect(await ensure(credentialId)).toEqual(['dead']);
    expect(asked).toHaveLength(1);
    now += 1;
    expect(known(credentialId)).toEqual(['dead']);
    expect(asked).toHaveLength(1);
    expect(await ensure(credentialId)).toEqual(['alive']);
    expect(known(credentialId)).toEqual(['alive']);
  });

  test('who does not answer is not waited for again at once', async () => {
    const credentialId = store('openai');
    says(503);
    expect(await ensure(credentialId)).toEqual(['unknown']);
    now += SILENCE_CACHE_MS - 1;
    expect(await ensure(credentialId)).toEqual(['unknown']);
    expect(asked).toHaveLength(1);
    says(200);
    now += 1;
    expect(await ensure(credentialId)).toEqual(['alive']);
  });

  test('another endpoint makes what was said worth nothing', async () => {
    const credentialId = store('openai');
    says(401);
    await ensure(credentialId);
    registry.setBaseUrl('openai', `${origin}/other`);
    expect(known(credentialId)).toEqual([]);
    says(200);
    expect(await ensure(credentialId)).toEqual(['alive']);
    registry.setBaseUrl('openai', origin);
    expect(known(credentialId)).toEqual(['dead']);
    now += LIVENESS_CACHE_MS;
    await ensure(credentialId);
    // What was superseded is not kept for ever.
    registry.setBaseUrl('openai', `${origin}/other`);
    expect(known(credentialId)).toEqual([]);
  });

  test('an endpoint that changed while the keychain took its time is the one that is asked and told of', async () => {
    const credentialId = store('openai');
    says(401);
    const ensured = ensure(credentialId);
    registry.setBaseUrl('openai', `${origin}/other`);
    await ensured;
    expect(asked.map(({ url }) => url)).toEqual(['/other/models']);
    expect(known(credentialId)).toEqual(['dead']);
    registry.setBaseUrl('openai', origin);
    expect(known(credentialId)).toEqual([]);
  });

  test('many who ask at once are one question', async () => {
    const credentialId = store('openai');
    const all = await Promise.all([ensure(credentialId), ensure(credentialId), check(credentialId, true)]);
    expect(all.slice(0, 2)).toEqual([['alive'], ['alive']]);
    expect(asked).toHaveLength(1);
    await check(credentialId, true);
    expect(asked).toHaveLength(2);
  });

  test('a value that is given is the one that is sent, and nothing is read', async () => {
    const [view] = entryOf(store('openai'));
    loseValues();
    if (view === undefined) throw new Error('nothing was stored');
    await liveness.ensure([view], new Map([['OPENAI_API_KEY', `${CANARY}-given`]]));
    expect(asked[0]?.headers.authorization).toBe(`Bearer ${CANARY}-given`);
    now += LIVENESS_CACHE_MS;
    await expect(liveness.ensure([view])).rejects.toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
  });

  test('of a set of two each secret is asked about, at the address that the set names', async () => {
    const key = store('azure-openai', 'AZURE_API_KEY');
    store('azure-openai', 'AZURE_RESOURCE_NAME', 'wider');
    const name = store('azure-openai', 'AZURE_RESOURCE_NAME', 'narrower');
    registry.reset('azure-openai');
    const urls: string[] = [];
    liveness = open(async ({ url }) => {
      urls.push(url);
      return { kind: 'answered', status: 200, body: '' };
    });
    expect(await ensure(key, name)).toEqual(['alive']);
    expect(urls).toEqual(['https://narrower.openai.azure.com/openai/v1/models']);
    expect(known(key)).toEqual([]);
    expect(known(key, name)).toEqual(['alive']);
  });

  test('a refusal is noted once, and every other verdict than before is told', async () => {
    const credentialId = store('openai');
    let changes = 0;
    const stop = liveness.onChange(() => changes++);
    says(401);
    await check(credentialId, true);
    await check(credentialId, true);
    expect([rejected, changes]).toEqual([['OPENAI_API_KEY'], 1]);
    says(200);
    await check(credentialId, true);
    says(404);
    await check(credentialId, true);
    says(401);
    await check(credentialId, true);
    expect([rejected, changes]).toEqual([['OPENAI_API_KEY', 'OPENAI_API_KEY'], 4]);
    stop();
    says(200);
    await check(credentialId, true);
    expect(changes).toBe(4);
  });

  test('a refusal in use counts like an answer, is told once, and stands until the provider is asked again', async () => {
    const credentialId = store('openai');
    const entry = entryOf(credentialId);
    await ensure(credentialId);
    let changes = 0;
    const stop = liveness.onChange(() => {
      changes++;
    });
    liveness.refusedInUse(entry);
    liveness.refusedInUse(entry);
    expect(liveness.known(entry)).toMatchObject([{ credentialId, verdict: 'dead', reason: 'refused' }]);
    expect(changes).toBe(1);
    expect(asked).toHaveLength(1);
    await check(credentialId, true);
    expect(liveness.known(entry)).toMatchObject([{ verdict: 'alive' }]);
    // The turn that was refused is in the trail by itself.
    expect(rejected).toEqual([]);
    stop();
  });

  test('nothing is known any more of a credential that is gone', async () => {
    const [gone, other] = [store('openai'), store('anthropic')];
    const entry = entryOf(gone);
    await ensure(gone);
    stored = stored.filter(({ view }) => view.credentialId !== gone);
    await ensure(other);
    expect(liveness.known(entry)).toEqual([]);
  });
});

test('no value is in a report, a log or an error', async () => {
  const seen: unknown[] = [];
  for (const status of [200, 302, 401, 402, 429, 500]) {
    answer = (request, response) => void response.writeHead(status).end(JSON.stringify(request.headers));
    const credentialId = store('google', undefined, CANARY);
    seen.push(await check(credentialId, true));
  }
  answer = (request) => request.socket.destroy();
  seen.push(await check(store('openai')));
  seen.push(await check(store('openai', undefined, `${CANARY}\r\nx`)));
  const lost = store('anthropic');
  loseValues();
  seen.push(await check(lost).catch((error: unknown) => String(error) + JSON.stringify(error)));
  expect(seen).toHaveLength(9);
  expect(lines).toHaveLength(8);
  expect(lines[2]).toEqual({ level: 'warn', source: 'liveness', message: 'google: dead (refused, 401)' });
  expect(JSON.stringify([seen, lines])).not.toMatch(/canary|KLMNOPQRST/);
  // The scan would find it: the server did get it.
  expect(JSON.stringify(asked)).toContain(CANARY);
});
