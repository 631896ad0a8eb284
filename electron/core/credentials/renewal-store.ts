import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { Database } from '../storage/database/database.ts';
import { toRenewalRow } from './credential-row.ts';
import type { StoredRenewal } from './stored-credential.ts';

/** The table `credential_renewal`: what renews a credential. It is read with the credential, and goes with it. */
export function createRenewalStore({ sql }: Pick<Database, 'sql'>) {
  const insert = sql.prepare(
    `INSERT INTO credential_renewal (credential_id, token_id, token_items, token_endpoint, client_id, scopes, refused)
     VALUES (@credential_id, @token_id, @token_items, @token_endpoint, @client_id, @scopes, @refused)`,
  );
  const updateToken = sql.prepare<[string, number, string]>(
    'UPDATE credential_renewal SET token_id = ?, token_items = ? WHERE credential_id = ?',
  );
  const updateRefused = sql.prepare<[string | null, string]>(
    'UPDATE credential_renewal SET refused = ? WHERE credential_id = ?',
  );

  return {
    add: (credentialId: string, renews: StoredRenewal): void => void insert.run(toRenewalRow(credentialId, renews)),
    setToken: (credentialId: string, { tokenId, tokenItems }: { tokenId: string; tokenItems: number }): void =>
      void updateToken.run(tokenId, tokenItems, credentialId),
    setRefused: (credentialId: string, error: WireError | undefined): void =>
      void updateRefused.run(error === undefined ? null : JSON.stringify(error), credentialId),
  };
}
