import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backFrom, formatRoute, parseRoute, type Route, SETTINGS_PAGES } from './route.ts';

const SESSION = '7d9f2a52-6f3c-4a3e-9f57-5d0f3c3a9f10';

const ROUTES: readonly Route[] = [
  { view: 'home' },
  { view: 'session', turnId: SESSION },
  ...SETTINGS_PAGES.map((page): Route => ({ view: 'settings', page })),
  { view: 'settings', page: 'credentials', providerId: 'openai' },
  { view: 'settings', page: 'agents', agentId: 'opencode' },
  { view: 'sign-in', agentId: 'claude-code' },
  { view: 'sign-in', agentId: 'codex', back: formatRoute({ view: 'session', turnId: SESSION }) },
  { view: 'log', log: 'runner' },
  { view: 'log', log: `session:${SESSION}` },
  { view: 'log', log: 'core', position: { log: 'core', segment: 3, offset: 0 } },
  { view: 'log', log: `session:${SESSION}`, turnId: SESSION },
  { view: 'log', log: 'runner', position: { log: 'runner', segment: 1, offset: 9 }, turnId: SESSION },
];

test.each(ROUTES.map((route) => [formatRoute(route), route] as const))('%s leads back to its view', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test('a sign-in leads back to where the user was, and never to a sign-in', () => {
  const from = (back?: Route) =>
    backFrom({ view: 'sign-in', agentId: 'codex', ...(back === undefined ? {} : { back: formatRoute(back) }) });
  expect(from()).toEqual({ view: 'home' });
  expect(from({ view: 'session', turnId: SESSION })).toEqual({ view: 'session', turnId: SESSION });
  expect(from({ view: 'settings', page: 'credentials', providerId: 'openai' })).toMatchObject({ page: 'credentials' });
  expect(from({ view: 'sign-in', agentId: 'codex' })).toEqual({ view: 'home' });
});

describe('an address that is none', () => {
  test.each(['', '#', '#/', '#/nowhere', '#/session/', '#/log/../etc', '#/log/session:nope', '#/%E0%A4%A'])(
    '%s leads home',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'home' });
    },
  );

  test('an unknown settings page leads to the first', () => {
    expect(parseRoute('#/settings/secrets')).toEqual({ view: 'settings', page: 'credentials' });
  });

  test.each(['segment=0&offset=1', 'segment=1', 'segment=1&offset=-1', 'segment=x&offset=y'])(
    'a place that cannot be (%s) leads to the end of the log',
    (query) => {
      expect(parseRoute(`#/log/runner?${query}`)).toEqual({ view: 'log', log: 'runner' });
    },
  );

  test('any text parses to some view', () => {
    fc.assert(fc.property(fc.string(), (text) => parseRoute(text).view !== undefined));
  });
});
