import { defined } from '../../../shared/defined.ts';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import type { Database } from '../storage/database/database.ts';
import type { CredentialTrail } from './trail.ts';

/** A stored credential, without its value; whether it is readable or expired is not known from here. */
export interface StoredCredential extends Omit<CredentialView, 'status' | 'renewal'> {
  readonly items: number;
  readonly renews?: StoredRenewal;
}

export interface StoredRenewal {
  /** Names the refresh token's items in the keychain; another token has another. */
  readonly tokenId: string;
  readonly items: number;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly scopes?: string;
  /** The server renews it no more. */
  readonly refused?: WireError;
}

/** Values from a server, on their way into the keychain. */
export interface Arrival {
  /** The credential that the values renew. */
  readonly credentialId: string;
  readonly newCredentialId: string;
  readonly masked: string;
  readonly items: number;
  readonly expiresAt?: number;
  readonly tokenId: string;
  readonly tokenItems: number;
}

/** Items under one name. */
interface Leftover {
  readonly credentialId: string;
  readonly items: number;
}

interface Row {
  credential_id: string;
  provider_id: string;
  variable: string;
  scope_kind: 'global' | 'project' | 'agent';
  scope_key: string;
  account: string;
  masked: string;
  keychain_items: number;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
}

interface RenewalRow {
  token_id: string;
  token_items: number;
  token_endpoint: string;
  client_id: string;
  scopes: string | null;
  refused: string | null;
}

interface ArrivalRow {
  credential_id: string;
  new_credential_id: string;
  masked: string;
  keychain_items: number;
  expires_at: number | null;
  token_id: string;
  token_items: number;
}

type Joined = Row & (RenewalRow | { [Column in keyof RenewalRow]: null });

export type CredentialStore = ReturnType<typeof createCredentialStore>;

/**
 * The tables `credential`, `credential_renewal`, `credential_arrival` and `keychain_leftover`, and the keychain's name
 * in `installation`. What it does to a credential is in the trail too, or it is not done.
 */
export function createCredentialStore({ sql }: Pick<Database, 'sql'>, trail: Pick<CredentialTrail, 'note'>) {
  const joined = 'SELECT * FROM credential LEFT JOIN credential_renewal USING (credential_id)';
  const selectAll = sql.prepare<[], Joined>(`${joined} ORDER BY provider_id, variable, created_at`);
  const selectAt = sql.prepare<[string, string, string, string, string], Joined>(
    `${joined} WHERE scope_kind = ? AND scope_key = ? AND provider_id = ? AND variable = ? AND account = ?`,
  );
  const insert = sql.prepare(
    `INSERT INTO credential (credential_id, provider_id, variable, scope_kind, scope_key, account, masked, keychain_items, created_at, updated_at, expires_at)
     VALUES
     (@credential_id, @provider_id, @variable, @scope_kind, @scope_key, @account, @masked, @keychain_items, @created_at, @updated_at, @expires_at)`,
  );
  const insertRenewal = sql.prepare(
    `INSERT INTO credential_renewal (credential_id, token_id, token_items, token_endpoint, client_id, scopes, refused)
     VALUES (@credential_id, @token_id, @token_items, @token_endpoint, @client_id, @scopes, @refused)`,
  );
  const updateRenewal = sql.prepare<[string, number, string]>(
    'UPDATE credential_renewal SET token_id = ?, token_items = ? WHERE credential_id = ?',
  );
  const updateRefused = sql.prepare<[string | null, string]>(
    'UPDATE credential_renewal SET refused = ? WHERE credential_id = ?',
  );
  const insertArrival = sql.prepare(
    `INSERT INTO credential_arrival (credential_id, new_credential_id, masked, keychain_items, expires_at, token_id, token_items)
     VALUES (@credential_id, @new_credential_id, @masked, @keychain_items, @expires_at, @token_id, @token_items)`,
  );
  const removeArrival = sql.prepare('DELETE FROM credential_arrival WHERE credential_id = ?');
  const selectArrivals = sql.prepare<[], ArrivalRow>('SELECT * FROM credential_arrival');
  const remove = sql.prepare('DELETE FROM credential WHERE credential_id = ?');
  const addLeftover = sql.prepare('INSERT OR REPLACE INTO keychain_leftover VALUES (?, ?, ?)');
  const removeLeftover = sql.prepare('DELETE FROM keychain_leftover WHERE credential_id = ?');
  const selectLeftovers = sql.prepare<[], { credential_id: string; keychain_items: number }>(
    'SELECT credential_id, keychain_items FROM keychain_leftover',
  );
  const selectKeychain = sql.prepare<[], { keychain_store: string | null }>('SELECT keychain_store FROM installation');
  const updateKeychain = sql.prepare('UPDATE installation SET keychain_store = ?');

  const arrivals = (): Arrival[] => selectArrivals.all().map(toArrival);
  const noteLeftovers = (sets: readonly Leftover[], at: number) => {
    for (const { credentialId, items } of sets) addLeftover.run(credentialId, items, at);
  };
  /** Its items, and those that have arrived for it, become leftovers; `kept` names those that stay in use. */
  const take = (credential: StoredCredential, { at, kept }: { at: number; kept: readonly string[] }) => {
    const arrived = arrivals().filter(({ credentialId }) => credentialId === credential.credentialId);
    const sets = [...itemSets(credential), ...arrived.flatMap(arrivedSets)];
    noteLeftovers(
      sets.filter(({ credentialId }) => !kept.includes(credentialId)),
      at,
    );
    remove.run(credential.credentialId);
  };
  const put = (credential: StoredCredential) => {
    insert.run(toRow(credential));
    if (credential.renews !== undefined) insertRenewal.run(toRenewalRow(credential.credentialId, credential.renews));
    for (const { credentialId } of itemSets(credential)) removeLeftover.run(credentialId);
  };

  return {
    list: (): StoredCredential[] => selectAll.all().map(fromRow),
    find(place: Pick<StoredCredential, 'scope' | 'providerId' | 'variable' | 'account'>): StoredCredential | undefined {
      const { scope, providerId, variable, account = '' } = place;
      const row = selectAt.get(scope.kind, scopeKey(scope), providerId, variable, account);
      return row === undefined ? undefined : fromRow(row);
    },
    /** Items that are about to be written: whatever interrupts the writing, they are found again. */
    noteLeftover: (credential: StoredCredential, at: number) => noteLeftovers(itemSets(credential), at),
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
    arrivals,
    /** Before its items are written. What had arrived for the same credential before becomes a leftover. */
    noteArrival(arrival: Arrival, at: number): void {
      sql.transaction(() => {
        this.dropArrival(arrival.credentialId, at);
        insertArrival.run(toArrivalRow(arrival));
      })();
    },
    /** `keep` names items that stay in use. */
    dropArrival(credentialId: string, at: number): void {
      sql.transaction(() => {
        const inUse = this.list().flatMap(({ renews }) => renews?.tokenId ?? []);
        const sets = arrivals().filter((one) => one.credentialId === credentialId);
        noteLeftovers(
          sets.flatMap(arrivedSets).filter((set) => !inUse.includes(set.credentialId)),
          at,
        );
        removeArrival.run(credentialId);
      })();
    },
    /** Puts a completely written arrival in the place of the credential that it renews, in one step. */
    refresh(previous: StoredCredential, credential: StoredCredential): void {
      sql.transaction(() => {
        removeArrival.run(previous.credentialId);
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
        removeArrival.run(credential.credentialId);
        updateRenewal.run(arrival.tokenId, arrival.tokenItems, credential.credentialId);
        const former = credential.renews;
        noteLeftovers(
          [
            { credentialId: arrival.newCredentialId, items: arrival.items },
            ...(former === undefined ? [] : [{ credentialId: former.tokenId, items: former.items }]),
          ],
          at,
        );
      })();
    },
    setRefused: (credentialId: string, error: WireError | undefined) =>
      void updateRefused.run(error === undefined ? null : JSON.stringify(error), credentialId),
    leftovers: (): Leftover[] =>
      selectLeftovers.all().map((row) => ({ credentialId: row.credential_id, items: row.keychain_items })),
    forgetLeftover: (credentialId: string) => void removeLeftover.run(credentialId),
    keychainName: (): string | undefined => selectKeychain.get()?.keychain_store ?? undefined,
    rememberKeychain: (name: string) => void updateKeychain.run(name),
  };
}

/** Every name under which a credential has items: its own, and its refresh token's. */
export function itemSets({ credentialId, items, renews }: StoredCredential): Leftover[] {
  return [{ credentialId, items }, ...(renews === undefined ? [] : [tokenSet(renews)])];
}

const tokenSet = ({ tokenId, items }: StoredRenewal): Leftover => ({ credentialId: tokenId, items });

function arrivedSets({ newCredentialId, items, tokenId, tokenItems }: Arrival): Leftover[] {
  return [
    { credentialId: newCredentialId, items },
    { credentialId: tokenId, items: tokenItems },
  ];
}

function scopeKey(scope: Scope): string {
  if (scope.kind === 'project') return scope.projectDir;
  return scope.kind === 'agent' ? scope.agentId : '';
}

function toRow(credential: StoredCredential): Row {
  return {
    credential_id: credential.credentialId,
    provider_id: credential.providerId,
    variable: credential.variable,
    scope_kind: credential.scope.kind,
    scope_key: scopeKey(credential.scope),
    account: credential.account ?? '',
    masked: credential.masked,
    keychain_items: credential.items,
    created_at: credential.createdAt,
    updated_at: credential.updatedAt,
    expires_at: credential.expiresAt ?? null,
  };
}

function fromRow(row: Joined): StoredCredential {
  const renews = renewalFrom(row);
  return {
    credentialId: row.credential_id,
    providerId: row.provider_id,
    variable: row.variable,
    scope: toScope(row),
    ...(row.account === '' ? {} : { account: row.account }),
    storage: 'keychain',
    masked: row.masked,
    items: row.keychain_items,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...defined({ renews }),
  };
}

function toRenewalRow(credentialId: string, renews: StoredRenewal): RenewalRow & { credential_id: string } {
  return {
    credential_id: credentialId,
    token_id: renews.tokenId,
    token_items: renews.items,
    token_endpoint: renews.tokenEndpoint,
    client_id: renews.clientId,
    scopes: renews.scopes ?? null,
    refused: renews.refused === undefined ? null : JSON.stringify(renews.refused),
  };
}

function renewalFrom(row: Joined): StoredRenewal | undefined {
  if (row.token_id === null) return undefined;
  return {
    tokenId: row.token_id,
    items: row.token_items,
    tokenEndpoint: row.token_endpoint,
    clientId: row.client_id,
    ...(row.scopes === null ? {} : { scopes: row.scopes }),
    ...(row.refused === null ? {} : { refused: JSON.parse(row.refused) as WireError }),
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

function toScope(row: Row): Scope {
  if (row.scope_kind === 'project') return { kind: 'project', projectDir: row.scope_key };
  return row.scope_kind === 'agent' ? { kind: 'agent', agentId: row.scope_key } : { kind: 'global' };
}
