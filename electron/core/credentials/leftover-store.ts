import type { Database } from '../storage/database/database.ts';
import type { Leftover } from './stored-credential.ts';

/** The table `keychain_leftover`: items of the keychain that no credential names any more, or not yet. */
export function createLeftoverStore({ sql }: Pick<Database, 'sql'>) {
  const insert = sql.prepare('INSERT OR REPLACE INTO keychain_leftover VALUES (?, ?, ?)');
  const remove = sql.prepare('DELETE FROM keychain_leftover WHERE credential_id = ?');
  const selectAll = sql.prepare<[], { credential_id: string; keychain_items: number }>(
    'SELECT credential_id, keychain_items FROM keychain_leftover',
  );

  return {
    list: (): Leftover[] =>
      selectAll.all().map((row) => ({ credentialId: row.credential_id, items: row.keychain_items })),
    note(sets: readonly Leftover[], at: number): void {
      for (const { credentialId, items } of sets) insert.run(credentialId, items, at);
    },
    forget: (credentialId: string): void => void remove.run(credentialId),
  };
}
