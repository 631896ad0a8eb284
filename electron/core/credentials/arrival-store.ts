import type { Database } from '../storage/database/database.ts';
import type { Arrival } from './stored-credential.ts';

interface ArrivalRow {
  credential_id: string;
  new_credential_id: string;
  masked: string;
  keychain_items: number;
  expires_at: number | null;
  token_id: string;
  token_items: number;
}

/** The table `credential_arrival`: values from a server, on their way into the keychain. */
export function createArrivalStore({ sql }: Pick<Database, 'sql'>) {
  const insert = sql.prepare(
    `INSERT INTO credential_arrival (credential_id, new_credential_id, masked, keychain_items, expires_at, token_id, token_items)
     VALUES (@credential_id, @new_credential_id, @masked, @keychain_items, @expires_at, @token_id, @token_items)`,
  );
  const remove = sql.prepare('DELETE FROM credential_arrival WHERE credential_id = ?');
  const selectAll = sql.prepare<[], ArrivalRow>('SELECT * FROM credential_arrival');
  const list = (): Arrival[] => selectAll.all().map(toArrival);

  return {
    list,
    of: (credentialId: string): Arrival[] => list().filter((arrival) => arrival.credentialId === credentialId),
    add: (arrival: Arrival): void => void insert.run(toArrivalRow(arrival)),
    remove: (credentialId: string): void => void remove.run(credentialId),
  };
}

function toArrivalRow(arrival: Arrival): ArrivalRow {
  return {
    credential_id: arrival.credentialId,
    new_credential_id: arrival.newCredentialId,
    masked: arrival.masked,
    keychain_items: arrival.items,
    expires_at: arrival.expiresAt ?? null,
    token_id: arrival.tokenId,
    token_items: arrival.tokenItems,
  };
}

function toArrival(row: ArrivalRow): Arrival {
  return {
    credentialId: row.credential_id,
    newCredentialId: row.new_credential_id,
    masked: row.masked,
    items: row.keychain_items,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    tokenId: row.token_id,
    tokenItems: row.token_items,
  };
}
