import { expect, test } from 'vitest';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import { accountInEffect, candidates, firstComplete, inEffect, type Link, specificity } from './chain.ts';

const GLOBAL: Scope = { kind: 'global' };
const PROJECT: Scope = { kind: 'project', projectDir: '/p' };
const AGENT: Scope = { kind: 'agent', agentId: 'codex' };
const WANTED = { providerId: 'openai', variable: 'KEY', agentId: 'codex', projectDir: '/p' };

const entry = (credentialId: string, change: Partial<CredentialView> = {}): CredentialView => ({
  credentialId,
  providerId: 'openai',
  variable: 'KEY',
  scope: GLOBAL,
  storage: 'keychain',
  masked: '••••••••',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
  ...change,
});
const idsOf = (entries: readonly CredentialView[] | undefined) => entries?.map(({ credentialId }) => credentialId);

test.each<[Scope, object, number | undefined]>([
  [AGENT, WANTED, 3],
  [AGENT, { agentId: 'goose' }, undefined],
  [AGENT, {}, undefined],
  [PROJECT, WANTED, 2],
  [PROJECT, { projectDir: '/p/sub' }, undefined],
  [PROJECT, {}, undefined],
  [GLOBAL, WANTED, 1],
  [GLOBAL, {}, 1],
])('%j in %j is worth %s', (scope, context, expected) => {
  expect(specificity(scope, context)).toBe(expected);
});

test('a scope that nobody knows reaches nothing', () => {
  expect(() => specificity({ kind: 'team' } as never, WANTED)).toThrow('team');
});

test('kept ones go before those of this session, each from agent to project to global', () => {
  const session = { storage: 'session-only' } as const;
  const entries = [
    entry('session global', session),
    entry('kept project', { scope: PROJECT }),
    entry('session agent', { ...session, scope: AGENT }),
    entry('kept global'),
    entry('session project', { ...session, scope: PROJECT }),
    entry('kept agent', { scope: AGENT }),
  ];
  expect(idsOf(candidates(entries, WANTED))).toEqual([
    'kept agent',
    'kept project',
    'kept global',
    'session agent',
    'session project',
    'session global',
  ]);
});

test.each<[string, Partial<CredentialView>]>([
  ['another provider', { providerId: 'google' }],
  ['another variable', { variable: 'OTHER' }],
  ['another agent', { scope: { kind: 'agent', agentId: 'goose' } }],
  ['another project', { scope: { kind: 'project', projectDir: '/q' } }],
  ['another agent, in this session', { scope: { kind: 'agent', agentId: 'goose' }, storage: 'session-only' }],
])('a credential of %s is none', (_, change) => {
  expect(candidates([entry('other', change)], WANTED)).toEqual([]);
  expect(inEffect([entry('other', change)], WANTED)).toBeUndefined();
  expect(idsOf(candidates([entry('other', change), entry('own')], WANTED)), 'control').toEqual(['own']);
});

const unreadable = (scope: Scope) => entry('unreadable', { scope, status: 'unreadable' });
test.each<[string, CredentialView[], string | undefined]>([
  ['nothing', [], undefined],
  ['the best', [entry('wide'), entry('best', { scope: AGENT })], 'best'],
  [
    'the best, when nobody has checked it yet',
    [entry('session', { storage: 'session-only' }), entry('best', { status: 'not-checked' })],
    'best',
  ],
  ['an unreadable one rather than a wider one', [entry('wide'), unreadable(AGENT)], 'unreadable'],
  [
    'an unreadable one rather than a wider one of this session',
    [entry('session', { storage: 'session-only' }), unreadable(PROJECT)],
    'unreadable',
  ],
  [
    'one of this session for the same place',
    [entry('session', { storage: 'session-only', scope: PROJECT }), unreadable(PROJECT)],
    'session',
  ],
  [
    'one of this session for a narrower place',
    [entry('session', { storage: 'session-only', scope: AGENT }), unreadable(GLOBAL)],
    'session',
  ],
  [
    'the narrowest one of this session, past a wider kept one',
    [
      entry('wide'),
      entry('session project', { storage: 'session-only', scope: PROJECT }),
      entry('session agent', { storage: 'session-only', scope: AGENT }),
      unreadable(PROJECT),
    ],
    'session agent',
  ],
])('in effect is %s', (_, entries, expected) => {
  expect(inEffect(entries, WANTED)?.credentialId).toBe(expected);
});

interface Named extends Link {
  readonly name: string;
}
const KINDS = ['keychain', 'session-only', 'declared'] as const;
const SCOPES = [AGENT, PROJECT, GLOBAL];
const link = (storage: Link['storage'], scope: Scope, status: Link['status'] = 'ok'): Named => ({
  providerId: 'openai',
  variable: 'KEY',
  account: undefined,
  storage,
  scope,
  status,
  name: `${storage} ${scope.kind}`,
});

test("the user's own, then this run's, then declared ones; in each the narrowest scope first", () => {
  const inOrder = KINDS.flatMap((storage) => SCOPES.map((scope) => link(storage, scope)));
  for (const entries of [inOrder, inOrder.toReversed()]) expect(candidates(entries, WANTED)).toEqual(inOrder);
});

test('with the first of them expired, one after the other, it is always the first of the rest', () => {
  const all = KINDS.flatMap((storage) => SCOPES.map((scope) => ({ storage, scope })));
  for (let expired = 0; expired <= all.length; expired++) {
    const entries = all.map(({ storage, scope }, index) => link(storage, scope, index < expired ? 'expired' : 'ok'));
    const expected = entries[expired] ?? entries[0];
    expect(inEffect(entries.toReversed(), WANTED)?.name, `${expired} expired`).toBe(expected?.name);
  }
});

test.each<[string, Named[], string]>([
  [
    'gives way to one that nobody checked',
    [link('keychain', AGENT, 'expired'), link('keychain', GLOBAL, 'not-checked')],
    'keychain global',
  ],
  [
    'gives way to one that cannot be read: that is told',
    [link('keychain', AGENT, 'expired'), link('keychain', GLOBAL, 'unreadable')],
    'keychain global',
  ],
  ['gives way to a declared one', [link('keychain', AGENT, 'expired'), link('declared', GLOBAL)], 'declared global'],
  [
    'does not stand in for one that cannot be read',
    [link('keychain', PROJECT, 'unreadable'), link('session-only', AGENT, 'expired')],
    'keychain project',
  ],
  [
    'does not hide who stands in',
    [link('keychain', AGENT, 'expired'), link('keychain', PROJECT, 'unreadable'), link('session-only', PROJECT)],
    'session-only project',
  ],
])('an expired one %s', (_, entries, expected) => {
  expect(inEffect(entries, WANTED)?.name).toBe(expected);
});

test('a declared one does not stand in for one that cannot be read', () => {
  const entries = [link('keychain', GLOBAL, 'unreadable'), link('declared', AGENT)];
  expect(inEffect(entries, WANTED)?.name).toBe('keychain global');
});

test('an account is never answered with another, nor with the one without a name', () => {
  const [unnamed, work] = [entry('unnamed'), entry('work', { account: 'work' })];
  const expired = entry('old', { account: 'work', status: 'expired' });
  expect(inEffect([unnamed, work], WANTED)?.credentialId).toBe('unnamed');
  expect(inEffect([unnamed, work], { ...WANTED, account: 'work' })?.credentialId).toBe('work');
  expect(inEffect([unnamed, expired], { ...WANTED, account: 'work' })?.credentialId).toBe('old');
  expect(inEffect([unnamed], { ...WANTED, account: 'work' })).toBeUndefined();
});

test.each<[string, CredentialView[], string | undefined]>([
  ['nobody', [], undefined],
  ['the only one', [entry('1', { account: 'work' }), entry('2', { account: 'work', scope: AGENT })], 'work'],
  ['not guessed among two', [entry('1', { account: 'work' }), entry('2', { account: 'home' })], undefined],
  ['the one without a name', [entry('1', { account: 'work' }), entry('2')], undefined],
  [
    'one within reach',
    [entry('1', { account: 'work' }), entry('2', { account: 'far', scope: { kind: 'agent', agentId: 'goose' } })],
    'work',
  ],
  [
    'one of this provider',
    [entry('1', { account: 'work' }), entry('2', { account: 'far', providerId: 'google' })],
    'work',
  ],
  [
    'one for these variables',
    [entry('1', { account: 'work' }), entry('2', { account: 'far', variable: 'OTHER' })],
    'work',
  ],
])('the account that is meant: %s', (_, entries, expected) => {
  expect(accountInEffect(entries, { ...WANTED, variables: ['KEY', 'KEY2'] })).toBe(expected);
});

test('an alternative in which something is expired comes after every one in which nothing is', () => {
  const old = entry('old', { status: 'expired' });
  const held = new Map([
    ['A', entry('A')],
    ['B', entry('B')],
    ['OLD', old],
  ]);
  const first = (accepted: string[][]) => idsOf(firstComplete(accepted, (variable) => held.get(variable)));
  expect(first([['OLD'], ['B']])).toEqual(['B']);
  expect(
    first([
      ['A', 'OLD'],
      ['A', 'B'],
    ]),
  ).toEqual(['A', 'B']);
  expect(first([['A', 'OLD'], ['OLD']])).toEqual(['A', 'old']);
  expect(first([['OLD', 'X'], ['OLD']])).toEqual(['old']);
});

test('the same place twice: a kept one does not stand in for an unreadable one', () => {
  expect(inEffect([unreadable(AGENT), entry('kept', { scope: AGENT })], WANTED)?.credentialId).toBe('unreadable');
});

test('the first alternative of which everything is there', () => {
  const held = new Map(['A', 'B', 'C'].map((name) => [name, entry(name)]));
  const first = (accepted: string[][]) => idsOf(firstComplete(accepted, (variable) => held.get(variable)));
  expect(first([['A']])).toEqual(['A']);
  expect(first([['X'], ['B'], ['A']])).toEqual(['B']);
  expect(
    first([
      ['A', 'X'],
      ['B', 'C'],
    ]),
    'no part of an incomplete one',
  ).toEqual(['B', 'C']);
  expect(first([['A', 'X'], ['X']])).toBeUndefined();
  expect(first([])).toBeUndefined();
});
