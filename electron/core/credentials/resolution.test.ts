import { expect, test } from 'vitest';
import type { CredentialView } from '../../../shared/model/credential.ts';
import { type CredentialRequest, resolution } from './resolution.ts';

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
