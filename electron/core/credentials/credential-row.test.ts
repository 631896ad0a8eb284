import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromRow, toRenewalRow, toRow } from './credential-row.ts';
import type { StoredCredential } from './stored-credential.ts';

const renewal = fc.record(
  {
    tokenId: fc.uuid(),
    items: fc.nat({ max: 9 }),
    tokenEndpoint: fc.webUrl(),
    clientId: fc.string(),
    scopes: fc.string(),
    refused: fc.constant({ code: 'RENEWAL_REFUSED', values: { providerId: 'openai' } } as const),
  },
  { requiredKeys: ['tokenId', 'items', 'tokenEndpoint', 'clientId'] },
);
const scope = fc.oneof(
  fc.constant({ kind: 'global' } as const),
  fc.record({ kind: fc.constant('project' as const), projectDir: fc.string({ minLength: 1 }) }),
  fc.record({ kind: fc.constant('agent' as const), agentId: fc.string({ minLength: 1 }) }),
);
const credential = fc.record(
  {
    credentialId: fc.uuid(),
    providerId: fc.string({ minLength: 1 }),
    variable: fc.string({ minLength: 1 }),
    scope,
    account: fc.string({ minLength: 1 }),
    storage: fc.constant('keychain' as const),
    masked: fc.string(),
    items: fc.nat({ max: 9 }),
    createdAt: fc.nat(),
    updatedAt: fc.nat(),
    expiresAt: fc.nat(),
    renews: renewal,
  },
  {
    requiredKeys: [
      'credentialId',
      'providerId',
      'variable',
      'scope',
      'storage',
      'masked',
      'items',
      'createdAt',
      'updatedAt',
    ],
  },
);

test('a credential is read from its rows as it was written to them', () => {
  fc.assert(
    fc.property(credential, (stored) => {
      expect(fromRow({ ...toRow(stored), ...renewalColumns(stored) })).toEqual(stored);
    }),
  );
});

function renewalColumns({ credentialId, renews }: StoredCredential) {
  const none = {
    token_id: null,
    token_items: null,
    token_endpoint: null,
    client_id: null,
    scopes: null,
    refused: null,
  };
  return renews === undefined ? none : toRenewalRow(credentialId, renews);
}
