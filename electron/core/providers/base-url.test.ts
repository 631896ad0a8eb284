import { expect, test } from 'vitest';
import type { Dialect } from '../../../shared/model/provider.ts';
import { overriddenBaseUrl, parseBaseUrl } from './base-url.ts';

test.each([
  ['https://proxy.example.com', 'https://proxy.example.com'],
  ['https://proxy.example.com/', 'https://proxy.example.com'],
  ['  https://proxy.example.com/v1/// ', 'https://proxy.example.com/v1'],
  ['HTTPS://Proxy.Example.com:8443/A/b', 'https://proxy.example.com:8443/A/b'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
  ['http://127.1:4010/v1', 'http://127.0.0.1:4010/v1'],
  ['http://localhost:4010/', 'http://localhost:4010'],
  ['http://[::1]:4010/x', 'http://[::1]:4010/x'],
])('%s is kept as %s', (given, kept) => {
  expect(parseBaseUrl(given)).toBe(kept);
});

test.each([
  ['', 'not-a-url', ''],
  ['proxy.example.com', 'not-a-url', 'proxy.example.com'],
  ['https://', 'not-a-url', 'https://'],
  ['ftp://proxy.example.com', 'not-https', 'ftp://proxy.example.com'],
  ['file:///etc/passwd', 'not-a-url', 'file:///etc/passwd'],
  ['javascript:alert(1)', 'not-a-url', 'javascript:alert(1)'],
  ['http://proxy.example.com', 'http-elsewhere', 'http://proxy.example.com'],
  ['http://127.0.0.1.evil.com', 'http-elsewhere', 'http://127.0.0.1.evil.com'],
  ['http://0.0.0.0:80', 'http-elsewhere', 'http://0.0.0.0:80'],
  ['http://127.0.0.1@evil.com', 'credentials', 'http://…@evil.com'],
  ['https://user:hunter2@proxy.example.com', 'credentials', 'https://…@proxy.example.com'],
  ['https://proxy.example.com?key=hunter2', 'query', 'https://proxy.example.com…'],
  ['https://proxy.example.com/?', 'query', 'https://proxy.example.com/…'],
  ['https://proxy.example.com/#hunter2', 'fragment', 'https://proxy.example.com/…'],
])('%s is refused: %s', (given, reason, baseUrl) => {
  expect(() => parseBaseUrl(given)).toThrowError(
    expect.objectContaining({ code: 'BASE_URL_INVALID', values: { reason, baseUrl } }),
  );
});

const OPENAI = 'https://api.openai.example/v1';
const BARE = 'https://api.anthropic.example';

test.each<[string, Dialect, string, string]>([
  // A bare origin gets each dialect's own path.
  ['http://127.0.0.1:9', 'openai-responses', OPENAI, 'http://127.0.0.1:9/v1'],
  ['http://127.0.0.1:9/', 'openai-chat', 'https://api.groq.example/openai/v1', 'http://127.0.0.1:9/openai/v1'],
  ['http://127.0.0.1:9', 'anthropic-messages', BARE, 'http://127.0.0.1:9'],
  ['http://127.0.0.1:9', 'anthropic-messages', 'https://openrouter.example/api', 'http://127.0.0.1:9/api'],
  ['http://127.0.0.1:9', 'gemini', BARE, 'http://127.0.0.1:9'],
  ['https://x.example', 'openai-chat', 'https://{R}.azure.example/openai/v1', 'https://x.example/openai/v1'],
  // A version at the end belongs to openai-*.
  ['https://x.example/v1', 'openai-chat', OPENAI, 'https://x.example/v1'],
  ['https://x.example/api/v1/', 'openai-responses', OPENAI, 'https://x.example/api/v1'],
  ['https://x.example/v1', 'anthropic-messages', BARE, 'https://x.example'],
  ['https://x.example/api/v1', 'anthropic-messages', BARE, 'https://x.example/api'],
  ['https://x.example/v1beta', 'gemini', BARE, 'https://x.example'],
  ['https://x.example/g/v1beta', 'gemini', BARE, 'https://x.example/g'],
  // Any other path is the user's business.
  ['https://x.example/some/where', 'openai-chat', OPENAI, 'https://x.example/some/where'],
  ['https://x.example/some/where', 'anthropic-messages', BARE, 'https://x.example/some/where'],
  ['https://x.example/some/where', 'gemini', BARE, 'https://x.example/some/where'],
  ['https://x.example/dev1', 'anthropic-messages', BARE, 'https://x.example/dev1'],
])('%s for %s (registry %s) is %s', (override, dialect, registry, expected) => {
  expect(overriddenBaseUrl(dialect, { override, registry })).toBe(expected);
});
