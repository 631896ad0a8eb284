import { expect, test } from 'vitest';
import { isOwnTraffic } from './own-traffic.ts';

const HOSTS = ['chatgpt.com', '*.sentry.io'];

test.each([
  ['chatgpt.com', false, true],
  ['a.b.sentry.io', false, true],
  ['sentry.io', false, false],
  ['evilsentry.io', false, false],
  ['notchatgpt.com', false, false],
  ['chatgpt.com.example.org', false, false],
  ['packages.example.org', false, false],
  // A command that the model runs is the user's business, whatever it asks for.
  ['chatgpt.com', true, false],
])('%s (a tool runs: %s): %s', (host, isToolRunning, expected) => {
  expect(isOwnTraffic(HOSTS, host, isToolRunning)).toBe(expected);
});

test('an agent without any asks for nothing by itself', () => {
  expect(isOwnTraffic([], 'chatgpt.com', false)).toBe(false);
});
