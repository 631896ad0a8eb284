import { expect, test } from 'vitest';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import { candidates, firstComplete, inEffect, specificity } from './chain.ts';

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
