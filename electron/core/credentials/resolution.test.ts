import { expect, test } from 'vitest';
import type { CredentialView } from '../../../shared/model/credential.ts';
import { type CredentialRequest, inReach, resolution, withHealth } from './resolution.ts';

const view = (change: Partial<CredentialView>): CredentialView => ({
  credentialId: '00000000-0000-4000-8000-000000000001',
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
  ...change,
});
const declared = view({ storage: 'declared', scope: { kind: 'project', projectDir: '/p' }, status: 'not-checked' });
const request: CredentialRequest = {
  providerId: 'openai',
  agentId: 'x',
  projectDir: '/p',
  accepted: [['OPENAI_API_KEY'], ['CODEX_API_KEY']],
  declared: [declared],
};
const resolved = (credentials: CredentialView[], change: Partial<CredentialRequest> = {}) => {
  const answer = resolution(credentials, { ...request, ...change }, { state: 'unknown' });
  return 'entries' in answer
    ? [answer.state, ...answer.entries.map(({ storage, account }) => account ?? storage)]
    : [answer.state];
};

test('what a project names is taken where the user has nothing', () => {
  expect(resolved([])).toEqual(['resolved', 'declared']);
  expect(resolved([], { projectDir: '/other' })).toEqual(['missing']);
});

test.each([
  ['at the widest scope', view({})],
  ['of this run only', view({ storage: 'session-only' })],
  ['of another alternative', view({ variable: 'CODEX_API_KEY' })],
])('the user’s own, be it %s, comes before it', (_what, own) => {
  expect(resolved([own])).toEqual(['resolved', own.storage]);
});

test('the only account that there is stays the one that is meant', () => {
  expect(resolved([view({ account: 'work' })])).toEqual(['resolved', 'work']);
});

test('an expired one does not mask it, and one that cannot be read does', () => {
  expect(resolved([view({ status: 'expired' })])).toEqual(['resolved', 'declared']);
  expect(resolved([view({ status: 'unreadable' })])).toEqual(['unreadable', 'keychain']);
});

const LOCKED = { state: 'locked' } as const;

test('an agent that accepts none needs none, whatever there is', () => {
  expect(resolution([view({})], { ...request, accepted: [] }, LOCKED)).toEqual({ state: 'not-needed' });
});

test('what is missing is told with all that would do, as a list of one’s own', () => {
  const { declared: _, ...own } = request;
  const answer = resolution([], own, { state: 'unknown' });
  expect(answer).toEqual({ state: 'missing', accepted: [['OPENAI_API_KEY'], ['CODEX_API_KEY']] });
  expect(answer.state === 'missing' && answer.accepted[0]).not.toBe(own.accepted[0]);
});

test('of several that belong together one that has expired is enough; without a project’s word it stays so', () => {
  const { declared: _, ...own } = request;
  const pair = { ...own, accepted: [['A', 'B']] };
  const [a, b] = [view({ variable: 'A' }), view({ variable: 'B', status: 'expired' })];
  expect(resolution([a, b], pair, { state: 'unknown' })).toEqual({ state: 'expired', entries: [a, b] });
  const both = {
    ...pair,
    declared: [
      { ...declared, variable: 'A' },
      { ...declared, variable: 'B' },
    ],
  };
  expect(resolution([a, b], both, { state: 'unknown' })).toMatchObject({ state: 'resolved' });
  expect(resolution([a, { ...b, status: 'ok' }], both, { state: 'unknown' })).toEqual({
    state: 'resolved',
    entries: [a, { ...b, status: 'ok' }],
  });
});

test('what a project names stands in for the account that is meant', () => {
  const expired = view({ account: 'work', status: 'expired' });
  const answer = resolution([expired], { ...request, account: 'work' }, { state: 'unknown' });
  expect(answer).toEqual({ state: 'resolved', entries: [{ ...declared, account: 'work' }] });
  expect(resolution([], request, { state: 'unknown' })).toStrictEqual({ state: 'resolved', entries: [declared] });
});

test('a keychain that cannot be used is the reason, for what is in it and for nothing else', () => {
  const kept = view({});
  expect(resolution([kept], request, LOCKED)).toMatchObject({
    state: 'unreadable',
    entries: [kept],
    error: { code: 'KEYCHAIN_LOCKED' },
  });
  const pair = { ...request, accepted: [['A', 'B']] };
  const mixed = [view({ variable: 'A' }), view({ variable: 'B', storage: 'session-only' })];
  expect(resolution(mixed, pair, LOCKED)).toMatchObject({ state: 'unreadable', error: { code: 'KEYCHAIN_LOCKED' } });
  const session = view({ storage: 'session-only' });
  expect(resolution([session], request, LOCKED)).toEqual({ state: 'resolved', entries: [session] });
});

test('one that cannot be read by itself is named', () => {
  const broken = view({ status: 'unreadable', storage: 'session-only' });
  expect(resolution([broken], request, { state: 'unknown' })).toEqual({
    state: 'unreadable',
    entries: [broken],
    error: { code: 'CREDENTIAL_UNREADABLE', values: { variable: 'OPENAI_API_KEY', providerId: 'openai' } },
  });
});

test('as they are now: what is in a keychain that cannot be used is not readable, unless it has expired', () => {
  const all = [view({}), view({ status: 'expired' }), view({ storage: 'session-only' })];
  expect(withHealth(all, { state: 'unknown' })).toEqual(all);
  expect(withHealth(all, LOCKED)).toEqual([{ ...view({}), status: 'unreadable' }, all[1], all[2]]);
});

test('within reach is what there is, and what can still be renewed', () => {
  const { declared: _, ...own } = request;
  const renewal = { state: 'ok' } as const;
  const over = { state: 'failed', error: { code: 'INTERNAL', values: {} } } as const;
  const expired = view({ status: 'expired' });
  expect(inReach([], own)).toEqual([]);
  expect(inReach([expired], own)).toEqual([expired]);
  expect(inReach([{ ...expired, renewal }], own)).toEqual([{ ...expired, renewal, status: 'not-checked' }]);
  expect(inReach([view({ renewal })], own)).toEqual([view({ renewal })]);
  expect(inReach([{ ...expired, renewal: over }], own)).toEqual([{ ...expired, renewal: over }]);
});
