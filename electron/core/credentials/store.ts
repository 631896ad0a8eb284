import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import type { Database } from '../database/database.ts';
import type { CredentialTrail } from './trail.ts';

/** A stored credential, without its value; whether it is readable is not known from here. */
export interface StoredCredential extends Omit<CredentialView, 'status'> {
  readonly items: number;
}

export interface Leftover {
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
}

export type CredentialStore = ReturnType<typeof createCredentialStore>;

/**
 * The tables `credential` and `keychain_leftover`, and the keychain's name in `installation`. What it does to a
 * credential is in the trail too, or it is not done.
 */
export function createCredentialStore({ sql }: Pick<Database, 'sql'>, trail: Pick<CredentialTrail, 'note'>) {
  const selectAll = sql.prepare<[], Row>('SELECT * FROM credential ORDER BY provider_id, variable, created_at');
  const selectAt = sql.prepare<[string, string, string, string, string], Row>(
    'SELECT * FROM credential WHERE scope_kind = ? AND scope_key = ? AND provider_id = ? AND variable = ? AND account = ?',
  );
  const insert = sql.prepare(
    `INSERT INTO credential (credential_id, provider_id, variable, scope_kind, scope_key, account, masked, keychain_items, created_at, updated_at)
     VALUES
     (@credential_id, @provider_id, @variable, @scope_kind, @scope_key, @account, @masked, @keychain_items, @created_at, @updated_at)`,
  );
  const remove = sql.prepare('DELETE FROM credential WHERE credential_id = ?');
  const addLeftover = sql.prepare('INSERT OR REPLACE INTO keychain_leftover VALUES (?, ?, ?)');
  const removeLeftover = sql.prepare('DELETE FROM keychain_leftover WHERE credential_id = ?');
  const selectLeftovers = sql.prepare<[], { credential_id: string; keychain_items: number }>(
    'SELECT credential_id, keychain_items FROM keychain_leftover',
  );
  const selectKeychain = sql.prepare<[], { keychain_store: string | null }>('SELECT keychain_store FROM installation');
  const updateKeychain = sql.prepare('UPDATE installation SET keychain_store = ?');

  const noteLeftover = (credential: Leftover, at: number) =>
    void addLeftover.run(credential.credentialId, credential.items, at);

  return {
    list: (): StoredCredential[] => selectAll.all().map(fromRow),
    find(place: Pick<StoredCredential, 'scope' | 'providerId' | 'variable' | 'account'>): StoredCredential | undefined {
      const { scope, providerId, variable, account = '' } = place;
      const row = selectAt.get(scope.kind, scopeKey(scope), providerId, variable, account);
      return row === undefined ? undefined : fromRow(row);
    },
    noteLeftover,
    /**
     * Puts a credential whose items are written into its place, in one step: what stood there, looked up in that
     * same step, becomes a leftover. Answers what stood there.
     */
    replace(credential: StoredCredential): StoredCredential | undefined {
      return sql.transaction(() => {
        const previous = this.find(credential);
        if (previous !== undefined) {
          remove.run(previous.credentialId);
          noteLeftover(previous, credential.updatedAt);
        }
        insert.run(toRow({ ...credential, createdAt: previous?.createdAt ?? credential.createdAt }));
        removeLeftover.run(credential.credentialId);
        trail.note(previous === undefined ? 'stored' : 'replaced', credential);
        return previous;
      })();
    },
    /** The row goes, its items become a leftover. */
    remove(credential: StoredCredential, at: number): void {
      sql.transaction(() => {
        remove.run(credential.credentialId);
        noteLeftover(credential, at);
        trail.note('deleted', credential);
      })();
    },
    leftovers: (): Leftover[] =>
      selectLeftovers.all().map((row) => ({ credentialId: row.credential_id, items: row.keychain_items })),
    forgetLeftover: (credentialId: string) => void removeLeftover.run(credentialId),
    keychainName: (): string | undefined => selectKeychain.get()?.keychain_store ?? undefined,
    rememberKeychain: (name: string) => void updateKeychain.run(name),
  };
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
  };
}

function fromRow(row: Row): StoredCredential {
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
  };
}

function toScope(row: Row): Scope {
  if (row.scope_kind === 'project') return { kind: 'project', projectDir: row.scope_key };
  return row.scope_kind === 'agent' ? { kind: 'agent', agentId: row.scope_key } : { kind: 'global' };
}
