import type { Database } from '../storage/database/database.ts';
import { createArrivalStore } from './arrival-store.ts';
import { fromRow, type JoinedRow, scopeKey, toRow } from './credential-row.ts';
import { createLeftoverStore } from './leftover-store.ts';
import { createRenewalStore } from './renewal-store.ts';
import { type Arrival, arrivedSets, itemSets, type StoredCredential } from './stored-credential.ts';
import type { CredentialTrail } from './trail.ts';

export type CredentialStore = ReturnType<typeof createCredentialStore>;

/**
 * The tables `credential`, `credential_renewal`, `credential_arrival` and `keychain_leftover`, and the keychain's name
 * in `installation`. What it does to a credential is in the trail too, or it is not done.
 */
export function createCredentialStore({ sql }: Pick<Database, 'sql'>, trail: Pick<CredentialTrail, 'note'>) {
  const joined = 'SELECT * FROM credential LEFT JOIN credential_renewal USING (credential_id)';
  const selectAll = sql.prepare<[], JoinedRow>(`${joined} ORDER BY provider_id, variable, created_at`);
  const selectAt = sql.prepare<[string, string, string, string, string], JoinedRow>(
    `${joined} WHERE scope_kind = ? AND scope_key = ? AND provider_id = ? AND variable = ? AND account = ?`,
  );
  const insert = sql.prepare(
    `INSERT INTO credential (credential_id, provider_id, variable, scope_kind, scope_key, account, masked, keychain_items, created_at, updated_at, expires_at)
     VALUES
     (@credential_id, @provider_id, @variable, @scope_kind, @scope_key, @account, @masked, @keychain_items, @created_at, @updated_at, @expires_at)`,
  );
  const remove = sql.prepare('DELETE FROM credential WHERE credential_id = ?');
  const selectKeychain = sql.prepare<[], { keychain_store: string | null }>('SELECT keychain_store FROM installation');
  const updateKeychain = sql.prepare('UPDATE installation SET keychain_store = ?');

  const renewals = createRenewalStore({ sql });
  const arrivals = createArrivalStore({ sql });
  const leftovers = createLeftoverStore({ sql });

  /** Its items, and those that have arrived for it, become leftovers; `kept` names those that stay in use. */
  const take = (credential: StoredCredential, { at, kept }: { at: number; kept: readonly string[] }) => {
    const sets = [...itemSets(credential), ...arrivals.of(credential.credentialId).flatMap(arrivedSets)];
    leftovers.note(
      sets.filter(({ credentialId }) => !kept.includes(credentialId)),
      at,
    );
    remove.run(credential.credentialId);
  };
  const put = (credential: StoredCredential) => {
    insert.run(toRow(credential));
    if (credential.renews !== undefined) renewals.add(credential.credentialId, credential.renews);
    for (const { credentialId } of itemSets(credential)) leftovers.forget(credentialId);
  };

  return {
    list: (): StoredCredential[] => selectAll.all().map(fromRow),
    find(place: Pick<StoredCredential, 'scope' | 'providerId' | 'variable' | 'account'>): StoredCredential | undefined {
      const { scope, providerId, variable, account = '' } = place;
      const row = selectAt.get(scope.kind, scopeKey(scope), providerId, variable, account);
      return row === undefined ? undefined : fromRow(row);
    },
    /** Items that are about to be written: whatever interrupts the writing, they are found again. */
    noteLeftover: (credential: StoredCredential, at: number) => leftovers.note(itemSets(credential), at),
    /**
     * Puts a credential whose items are written into its place, in one step: what stood there, looked up in that
     * same step, becomes a leftover. Answers what stood there.
     */
    replace(credential: StoredCredential): StoredCredential | undefined {
      return sql.transaction(() => {
        const previous = this.find(credential);
        if (previous !== undefined) take(previous, { at: credential.updatedAt, kept: [] });
        put({ ...credential, createdAt: previous?.createdAt ?? credential.createdAt });
        trail.note(previous === undefined ? 'stored' : 'replaced', credential);
        return previous;
      })();
    },
    /** The row goes, its items become a leftover. */
    remove(credential: StoredCredential, at: number): void {
      sql.transaction(() => {
        take(credential, { at, kept: [] });
        trail.note('deleted', credential);
      })();
    },
    arrivals: arrivals.list,
    /** Before its items are written. What had arrived for the same credential before becomes a leftover. */
    noteArrival(arrival: Arrival, at: number): void {
      sql.transaction(() => {
        this.dropArrival(arrival.credentialId, at);
        arrivals.add(arrival);
      })();
    },
    /** `keep` names items that stay in use. */
    dropArrival(credentialId: string, at: number): void {
      sql.transaction(() => {
        const inUse = this.list().flatMap(({ renews }) => renews?.tokenId ?? []);
        leftovers.note(
          arrivals
            .of(credentialId)
            .flatMap(arrivedSets)
            .filter((set) => !inUse.includes(set.credentialId)),
          at,
        );
        arrivals.remove(credentialId);
      })();
    },
    /** Puts a completely written arrival in the place of the credential that it renews, in one step. */
    refresh(previous: StoredCredential, credential: StoredCredential): void {
      sql.transaction(() => {
        arrivals.remove(previous.credentialId);
        take(previous, {
          at: credential.updatedAt,
          kept: itemSets(credential).map(({ credentialId }) => credentialId),
        });
        put(credential);
        trail.note('refreshed', credential);
      })();
    },
    /** Only the refresh token of the arrival was written: it can renew the credential again. */
    adoptToken(credential: StoredCredential, arrival: Arrival, at: number): void {
      sql.transaction(() => {
        arrivals.remove(credential.credentialId);
        renewals.setToken(credential.credentialId, arrival);
        const former = credential.renews;
        leftovers.note(
          [
            { credentialId: arrival.newCredentialId, items: arrival.items },
            ...(former === undefined ? [] : [{ credentialId: former.tokenId, items: former.items }]),
          ],
          at,
        );
      })();
    },
    setRefused: renewals.setRefused,
    leftovers: leftovers.list,
    forgetLeftover: leftovers.forget,
    keychainName: (): string | undefined => selectKeychain.get()?.keychain_store ?? undefined,
    rememberKeychain: (name: string) => void updateKeychain.run(name),
  };
}
