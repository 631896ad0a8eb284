import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadProviders } from './load.ts';
import { createModelCatalog, readCatalog } from './model-catalog.ts';

const RESOURCES = join(import.meta.dirname, '../../../resources');
let folder: string;
let problems: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-models-'));
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (resourcesDir: string) =>
  createModelCatalog({ resourcesDir, onProblem: (message) => void problems.push(message) });

function write(content: string) {
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models', 'models.json'), content);
}

test('the shipped list fits its schema, names its source, and stays small', () => {
  const catalog = readCatalog(RESOURCES);
  expect(catalog).toMatchObject({ source: 'https://models.dev', licence: 'MIT' });
  expect(statSync(join(RESOURCES, 'models', 'models.json')).size).toBeLessThan(400_000);
  const notice = readFileSync(join(RESOURCES, 'models', 'NOTICE.md'), 'utf8');
  expect(notice).toContain('MIT License');
  expect(notice).toContain(catalog.date);
});

test('each provider with a name at models.dev has models, and each list belongs to a provider', () => {
  const { providers } = readCatalog(RESOURCES);
  const registry = loadProviders(RESOURCES);
  const wanted = [...registry.values()].flatMap((provider) => provider.modelsDev);
  expect(new Set(wanted).size).toBe(wanted.length);
  expect(wanted).toEqual(expect.arrayContaining(Object.keys(providers)));
  for (const [providerId, { modelsDev }] of registry) {
    if (modelsDev.length > 0) expect(open(RESOURCES).modelsOf({ modelsDev }).length, providerId).toBeGreaterThan(0);
  }
});

test('a model has limits and prices', () => {
  const models = open(RESOURCES).modelsOf({ modelsDev: ['anthropic'] });
  expect(models.find((model) => model.id === 'claude-opus-5-5')).toEqual({
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    context: 1_000_000,
    output: 128_000,
    price: { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
    released: '2026-09-22',
    toolCall: true,
    reasoning: true,
  });
  expect(problems).toEqual([]);
});

test('lists of two names are one, newest first, each model once', () => {
  const models = open(RESOURCES).modelsOf({ modelsDev: ['google-vertex', 'google-vertex-anthropic'] });
  const released = models.map((model) => model.released ?? '');
  expect(released).toEqual(released.toSorted().reverse());
  expect(new Set(models.map((model) => model.id)).size).toBe(models.length);
  expect(models.some((model) => model.id.startsWith('claude-'))).toBe(true);
  expect(models.some((model) => model.id.startsWith('gemini-'))).toBe(true);
});

test('a provider that models.dev does not know has none', () => {
  expect(open(RESOURCES).modelsOf({ modelsDev: [] })).toEqual([]);
});

test('without the file no model is known, and that is said once', () => {
  const catalog = open(folder);
  expect(catalog.modelsOf({ modelsDev: ['anthropic'] })).toEqual([]);
  expect(catalog.modelsOf({ modelsDev: ['openai'] })).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(/models\.json is not a list of models: .*ENOENT/)]);
});

test.each([
  ['cut', '{"source": "https://mod', /JSON/],
  ['of another form', '{"source": "https://models.dev"}', /providers/],
  [
    'with an impossible price',
    JSON.stringify({
      source: 'https://models.dev',
      licence: 'MIT',
      date: '2026-01-31',
      origin: 'a test',
      providers: { a: [{ id: 'm', name: 'M', price: { input: -1, output: 1 }, toolCall: true, reasoning: false }] },
    }),
    /providers\.a\[0\]\.price\.input/,
  ],
])('a file that is %s is the same', (_, content, reason) => {
  write(content);
  expect(open(folder).modelsOf({ modelsDev: ['a'] })).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(reason)]);
});
