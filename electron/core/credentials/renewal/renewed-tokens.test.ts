import { expect, test } from 'vitest';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import { requestRenewedTokens } from './renewed-tokens.ts';
import type { TokenAnswer } from './token-request.ts';

const credential: CredentialView = {
  credentialId: '00000000-0000-4000-8000-000000000001',
  providerId: 'openai',
  variable: 'OPENAI_OAUTH_TOKEN',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '…',
  status: 'ok',
  createdAt: 1,
  updatedAt: 1,
};

function ask(answer: TokenAnswer, refreshToken: string | undefined = 'refresh-1') {
  let now = 1_000;
  return requestRenewedTokens(
    { credential, tokenEndpoint: 'https://example.com/token', clientId: 'perch' },
    {
      credentials: { refreshToken: async () => refreshToken },
      async requestTokens() {
        now += 5_000;
        return answer;
      },
      clock: { now: () => now },
      signal: new AbortController().signal,
    },
  );
}

test('the life of a token counts from the request, not from its answer', async () => {
  expect(await ask({ kind: 'tokens', value: 'a', refreshToken: 'b', lifeSeconds: 60 })).toEqual({
    value: 'a',
    refreshToken: 'b',
    expiresAt: 61_000,
  });
  expect(await ask({ kind: 'tokens', value: 'a' })).toEqual({ value: 'a' });
});

test('a refusal and a failure are told apart', async () => {
  await expect(ask({ kind: 'refused', reason: 'invalid_grant' })).rejects.toMatchObject({ code: 'RENEWAL_REFUSED' });
  await expect(ask({ kind: 'failed', reason: '503' })).rejects.toMatchObject({
    code: 'RENEWAL_FAILED',
    values: { variable: 'OPENAI_OAUTH_TOKEN', providerId: 'openai', reason: '503' },
  });
});
