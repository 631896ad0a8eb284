import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { providerViewSchema } from '../../../shared/model/provider.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import { billingPageOf } from './billing.ts';
import { keyRedactionShapes } from './key-redaction.ts';
import { createProviderRegistry } from './registry.ts';

const RESOURCES = join(import.meta.dirname, '../../../resources');
let folder: string;
let overrides: Map<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-providers-'));
  overrides = new Map();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (resourcesDir = RESOURCES) =>
  createProviderRegistry({
    resourcesDir,
    baseUrls: {
      get: (id) => overrides.get(id),
      set: (id, url) => void overrides.set(id, url),
      reset: (id) => void overrides.delete(id),
    },
  });

test('the shipped providers are all readable, and their views are what the contract says', () => {
  const providers = open().list();
  expect(providers.length).toBeGreaterThanOrEqual(20);
  expect(providers.map((provider) => provider.providerId)).toEqual(
    expect.arrayContaining(['anthropic', 'openai', 'google', 'openrouter', 'groq', 'mistral', 'deepseek', 'xai']),
  );
  for (const provider of providers) expect(providerViewSchema.parse(provider)).toEqual(provider);
});

test('an address for a person to look at is never one without a key where a key is needed', () => {
  for (const provider of open().all()) {
    if (provider.credentialRequired) expect(provider.keyPage, provider.providerId).toMatch(/^https:/);
    if (provider.alternatives.length === 0) expect(provider.credentialRequired).toBe(false);
  }
});

test('credit is bought for a key, at its provider’s own page, and helps no subscription', () => {
  const registry = open();
  const page = (providerId: string, variable: string) => billingPageOf(registry, { providerId, variable });
  expect(page('anthropic', 'ANTHROPIC_API_KEY')).toBe('https://console.anthropic.com/settings/billing');
  expect(page('anthropic', 'CLAUDE_CODE_OAUTH_TOKEN')).toBeUndefined();
  expect(page('cerebras', 'CEREBRAS_API_KEY')).toBeUndefined();
  expect(page('gone', 'GONE_API_KEY')).toBeUndefined();
  const pages = registry.all().flatMap(({ billingPage }) => (billingPage === undefined ? [] : [billingPage]));
  expect(pages.filter((one) => !one.startsWith('https://'))).toEqual([]);
  expect(pages.length).toBeGreaterThan(10);
});

test('a Claude subscription token is an alternative of anthropic, sent as a bearer with its own header', () => {
  const anthropic = open().get('anthropic');
  expect(anthropic.alternatives).toContainEqual(['CLAUDE_CODE_OAUTH_TOKEN']);
  expect(anthropic.auth['oauth-token']).toMatchObject({ scheme: 'Bearer', header: 'Authorization' });
  expect(anthropic.auth['api-key']).toMatchObject({ scheme: 'raw', header: 'x-api-key' });
  expect(anthropic.defaultVariable).toBe('ANTHROPIC_API_KEY');
});

test.each([
  ['claude-opus-5-5', ['anthropic']],
  ['gpt-6.1-sol', ['openai']],
  ['o3-mini', ['openai']],
  ['gemini-3.8-flash', ['google']],
  ['kimi-for-coding', ['kimi-code']],
  ['kimi-k3', ['moonshot']],
  ['openai/gpt-6-sol', []],
  ['anthropic/claude-opus-5-5', []],
  ['something-new', []],
])('%s belongs to %j', (model, owners) => {
  expect(open().ownersOfModel(model)).toEqual(owners);
});

test("one endpoint of the user's serves every dialect of the provider", () => {
  const registry = open();
  const changes: string[] = [];
  registry.onChange((providerId) => changes.push(providerId));
  const view = registry.setBaseUrl('openrouter', 'http://127.0.0.1:4010/');
  expect(view).toMatchObject({ baseUrl: 'http://127.0.0.1:4010', baseUrlSource: 'user' });
  const provider = registry.get('openrouter');
  expect(provider.baseUrl('openai-chat')).toBe('http://127.0.0.1:4010/api/v1');
  expect(provider.baseUrl('anthropic-messages')).toBe('http://127.0.0.1:4010/api');
  expect(provider.baseUrl('gemini')).toBeUndefined();
  expect(provider.requestUrl('liveness')).toBe('http://127.0.0.1:4010/api/v1/key');
  expect(registry.reset('openrouter')).toMatchObject({ baseUrlSource: 'registry' });
  expect(registry.get('openrouter').baseUrl('openai-chat')).toBe('https://openrouter.ai/api/v1');
  expect(changes).toEqual(['openrouter', 'openrouter']);
});

test('a refused endpoint leaves the old one', () => {
  const registry = open();
  registry.setBaseUrl('openai', 'https://mine.example/v1');
  expect(() => registry.setBaseUrl('openai', 'http://elsewhere.example')).toThrowError(
    expect.objectContaining({ code: 'BASE_URL_INVALID' }),
  );
  expect(registry.get('openai').baseUrl('openai-responses')).toBe('https://mine.example/v1');
});

test('an address with a variable in it waits for the value, and takes nothing that would move the host', () => {
  const azure = open().get('azure-openai');
  expect(azure.baseUrl('openai-chat')).toBeUndefined();
  const filled = new Map([['AZURE_RESOURCE_NAME', 'my-resource']]);
  expect(azure.baseUrl('openai-chat', filled)).toBe('https://my-resource.openai.azure.com/openai/v1');
  expect(azure.baseUrl('openai-chat', new Map([['AZURE_RESOURCE_NAME', 'evil.com/x']]))).toBeUndefined();
});

test('a liveness request at an address of its own is not made for an endpoint of the user', () => {
  const registry = open();
  expect(registry.get('github-copilot').requestUrl('liveness')).toBe('https://api.github.com/user');
  registry.setBaseUrl('github-copilot', 'https://mine.example');
  expect(registry.get('github-copilot').requestUrl('liveness')).toBeUndefined();
});

test('an unknown provider is named, with those that exist', () => {
  for (const call of [
    () => open().get('nobody'),
    () => open().setBaseUrl('nobody', 'x'),
    () => open().reset('nobody'),
  ]) {
    expect(call).toThrowError(
      expect.objectContaining({
        code: 'PROVIDER_UNKNOWN',
        values: { providerId: 'nobody', known: expect.stringContaining('anthropic, openai') },
      }),
    );
  }
});

test.each<[string, (file: Record<string, unknown>) => void, RegExp]>([
  ['a missing field', (file) => delete file.name, /groq\.json.*name/s],
  ['an unknown field', (file) => Object.assign(file, { nmae: 'x' }), /groq\.json.*nmae/s],
  ['plain http', (file) => Object.assign(file, { endpoints: { 'openai-chat': 'http://x.example' } }), /endpoints/],
  ['an unknown variable', (file) => Object.assign(file, { alternatives: [['NOBODY']] }), /NOBODY.*alternatives/s],
  [
    'a refusal that would pass for an answer',
    (file) => Object.assign(file.liveness ?? {}, { limited: [] }),
    /403 is neither dead nor limited/,
  ],
  [
    'a status with two meanings',
    (file) => Object.assign(file.liveness ?? {}, { dead: [401, 403] }),
    /403 is dead as well/,
  ],
  ['no alternative', (file) => Object.assign(file, { alternatives: [] }), /alternatives/],
])('a broken file names itself and the field: %s', (_, breakIt, message) => {
  cpSync(join(RESOURCES, 'providers'), join(folder, 'providers'), { recursive: true });
  const path = join(folder, 'providers/groq.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  breakIt(file);
  writeFileSync(path, JSON.stringify(file));
  expect(() => open(folder)).toThrowError(message);
});

test('a file that is no JSON, or no provider by its name, names itself', () => {
  cpSync(join(RESOURCES, 'providers'), join(folder, 'providers'), { recursive: true });
  writeFileSync(join(folder, 'providers/broken.json'), '{');
  expect(() => open(folder)).toThrowError(/broken\.json/);
  rmSync(join(folder, 'providers/broken.json'));
  writeFileSync(join(folder, 'providers/Bad Name.json'), '{}');
  expect(() => open(folder)).toThrowError(/Bad Name\.json/);
});

test('keys of the registry are masked by their shape', () => {
  const redactor = createRedactor({ shapes: keyRedactionShapes(open().all()) });
  for (const key of [
    `sk-ant-api03-${'a1B_'.repeat(23)}xAA`,
    `sk-ant-oat01-${'a1B_'.repeat(23)}`,
    `sk-proj-${'a1'.repeat(30)}T3BlbkFJ${'a1'.repeat(30)}`,
    `AQ.${'a1B.'.repeat(10)}`,
    `sk-or-v1-${'0f'.repeat(32)}`,
    `gsk_${'aB1x'.repeat(13)}`,
    `xai-${'a1B_'.repeat(20)}`,
  ]) {
    expect(redactor.redact(`a ${key}`), key).toBe('a [redacted]');
  }
  expect(redactor.redact('the task-runner of flask-extension-manager')).toContain('task-runner');
});
