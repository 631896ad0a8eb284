import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_REFRESH_BYTES } from '../network/snapshots/refresh.ts';
import { directFetch } from '../network/testing/direct-fetch.ts';
import { createModelCatalog } from './model-catalog.ts';
import { reduceModels } from './reduce-models.ts';
import { refreshModels } from './refresh-models.ts';

const DATA = {
  openai: {
    models: {
      old: { id: 'old', name: 'Old', release_date: '2024-01-01', limit: { context: 10, output: 0 } },
      new: {
        id: 'new',
        name: 'New',
        release_date: '2026-01-01',
        cost: { input: 1, output: 2, cache_read: 0.1 },
        tool_call: true,
      },
      gone: { id: 'gone', name: 'Gone', status: 'deprecated' },
      picture: { id: 'picture', name: 'Picture', modalities: { output: ['image'] } },
      embed: { id: 'text-embed', name: 'Embed' },
      odd: { id: 'odd', name: 'Odd', cost: { input: -1, output: 2 }, release_date: 'soon' },
      broken: { name: 7 },
    },
  },
  unwanted: { models: { x: { id: 'x', name: 'X' } } },
};

let folder: string;
let server: Server | undefined;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-models-'));
  file = join(folder, 'models.json');
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/api.json`;
}
let timers: (() => void)[] = [];
const clock = {
  now: () => Date.UTC(2026, 9, 1),
  after: (_: number, callback: () => void) => {
    timers.push(callback);
    return () => {};
  },
};
const refresh = (url: string) => {
  timers = [];
  return refreshModels({
    url,
    source: 'https://models.dev',
    licence: 'MIT',
    wantedIds: ['openai'],
    file,
    clock,
    fetch: directFetch,
  });
};

test('the list is fetched, reduced, and known at once and after a restart', async () => {
  const url = await serve((_, response) => response.end(JSON.stringify(DATA)));
  const catalog = await refresh(url);
  expect(catalog).toMatchObject({ date: '2026-10-01', origin: url });
  expect(catalog.providers.openai?.map(({ id }) => id)).toEqual(['new', 'old']);
  expect(readdirSync(folder)).toEqual(['models.json']);
  const known = createModelCatalog({ resourcesDir: '/nowhere', file, onProblem: () => {} });
  expect(known.modelsOf({ modelsDev: ['openai'] })[0]).toEqual({
    id: 'new',
    name: 'New',
    released: '2026-01-01',
    price: { input: 1, output: 2, cacheRead: 0.1 },
    toolCall: true,
    reasoning: false,
  });
});

test.each<[string, RequestListener, string]>([
  ['an error', (_, response) => response.writeHead(500).end(), 'HTTP 500'],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/api.json' }).end(), ''],
  ['no JSON', (_, response) => response.end('<html>'), 'not a list of models'],
  ['other JSON', (_, response) => response.end('[]'), 'not a list of models'],
  ['no model', (_, response) => response.end('{}'), 'it names no model that is known here'],
  [
    'too much',
    (_, response) => response.end(Buffer.alloc(MAX_REFRESH_BYTES + 1, ' ')),
    `more than ${MAX_REFRESH_BYTES} bytes`,
  ],
])('%s leaves the former list in place', async (_, listener, reason) => {
  writeFileSync(file, 'former');
  const url = await serve(listener);
  await expect(refresh(url)).rejects.toMatchObject({
    code: 'MODELS_NOT_REFRESHED',
    values: { reason: expect.stringContaining(reason) },
  });
  expect(readFileSync(file, 'utf8')).toBe('former');
});

test('a server that never answers is given up', async () => {
  const asked = Promise.withResolvers<void>();
  const url = await serve(() => asked.resolve());
  const refreshing = refresh(url);
  refreshing.catch(() => {});
  await asked.promise;
  timers[0]?.();
  await expect(refreshing).rejects.toMatchObject({ code: 'MODELS_NOT_REFRESHED', values: { reason: 'timeout' } });
});

test('a fetched list that is not understood is told, and the one of the installation counts', () => {
  writeFileSync(file, 'former');
  const problems: string[] = [];
  const resourcesDir = join(import.meta.dirname, '..', '..', '..', 'resources');
  const known = createModelCatalog({ resourcesDir, file, onProblem: (problem) => problems.push(problem) });
  expect(known.modelsOf({ modelsDev: ['openai'] }).length).toBeGreaterThan(0);
  expect(problems).toHaveLength(1);
});

test('the very reduction by which the list of the installation is made', async () => {
  const script = await import('../../../scripts/lib/reduce-models.mjs' as string);
  const { broken: _, odd: __, ...models } = DATA.openai.models;
  const data = { openai: { models } };
  expect(reduceModels(data, ['openai'])).toEqual(script.reduceModels(data, ['openai']));
});
