import { expect, test } from 'vitest';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import type { StaleReason } from '../../../shared/model/stale-session.ts';
import { staleReason } from './stale.ts';

const GLOBAL: Scope = { kind: 'global' };
const PROJECT: Scope = { kind: 'project', projectDir: '/p' };
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
const held = entry('held');

test.each<[string, CredentialView[], string | undefined, StaleReason | undefined]>([
  ['it is still in effect', [held], undefined, undefined],
  ['a wider one came', [entry('held', { scope: PROJECT }), entry('other')], undefined, undefined],
  [
    'a narrower one came that does not reach here',
    [held, entry('x', { scope: { kind: 'agent', agentId: 'goose' } })],
    undefined,
    undefined,
  ],
  ['one of another account came', [held, entry('other', { account: 'work', scope: PROJECT })], undefined, undefined],
  ['it expired, and nothing else is there', [entry('held', { status: 'expired' })], undefined, 'expired'],
  [
    'it expired, and a valid one is there',
    [entry('held', { status: 'expired', scope: PROJECT }), entry('wide')],
    undefined,
    'expired',
  ],
  ['another stands in its place', [entry('new')], undefined, 'replaced'],
  ['nothing is left', [], undefined, 'deleted'],
  ['only a wider one is left', [entry('wide', { scope: PROJECT })], undefined, 'deleted'],
  ['a narrower one came', [held, entry('narrow', { scope: PROJECT })], undefined, 'hidden'],
  ['another account was chosen', [held, entry('other', { account: 'work' })], 'work', 'account-changed'],
])('when %s', (_, credentials, chosenAccount, expected) => {
  const place = { agentId: 'codex', projectDir: '/p', chosenAccount };
  const one = credentials.find(({ credentialId }) => credentialId === 'held') ?? held;
  expect(staleReason(one, place, credentials)).toBe(expected);
});
