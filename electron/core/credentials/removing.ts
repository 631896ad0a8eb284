import type { Params, Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import { type KeychainHealth, keepsNothing } from '../../../shared/model/keychain.ts';
import type { Mutex } from '../../node/mutex.ts';
import type { HealthWatch } from '../keychain/health.ts';
import { errorOf } from '../keychain/keyring-error.ts';
import type { Keychain } from '../ports.ts';
import { inEffect } from './chain.ts';
import type { CredentialStore } from './credential-store.ts';
import { normalScope } from './input.ts';
import type { KeychainCredentials } from './keychain-credentials.ts';
import type { KnownCredentials } from './known-credentials.ts';
import type { SessionOnly } from './session-only.ts';
import type { StoredCredential } from './stored-credential.ts';

/** Removes one credential, those of a scope, or every one, values included. */
export function createRemoving(options: {
  known: Pick<KnownCredentials, 'find' | 'stored' | 'view' | 'list' | 'placeOf' | 'forgetStatus' | 'forgetStatuses'>;
  inKeychain: Pick<KeychainCredentials, 'letGo' | 'sweep'>;
  sessionOnly: Pick<SessionOnly, 'list' | 'remove'>;
  store: Pick<CredentialStore, 'list' | 'leftovers'>;
  keychain: Pick<Keychain, 'check'>;
  health: Pick<HealthWatch, 'get'>;
  exclusively: Mutex;
  onChange: () => void;
}) {
  const { known, inKeychain, sessionOnly, store, keychain, health, exclusively, onChange } = options;

  /** Values of the keychain go with the next sweep. */
  async function letGo(credential: StoredCredential): Promise<void> {
    if (credential.storage === 'keychain') inKeychain.letGo(credential);
    else await sessionOnly.remove(credential);
  }

  return {
    remove: ({ credentialId }: Params<'credentials.remove'>): Promise<Result<'credentials.remove'>> =>
      exclusively(async () => {
        const credential = known.find(credentialId);
        if (credential === undefined) throw new PerchError('NOT_FOUND');
        const removed = known.view(credential);
        await known.placeOf(credential).remove(credential);
        known.forgetStatus(credentialId);
        onChange();
        const nowInEffect = inEffect(known.list(), { ...contextOf(credential.scope), ...credential });
        return { removed, ...defined({ nowInEffect }) };
      }),
    removeScope: (scope: Exclude<Scope, { kind: 'global' }>): Promise<void> =>
      exclusively(async () => {
        const wanted = JSON.stringify(normalScope(scope));
        const all = known.stored().filter((credential) => JSON.stringify(credential.scope) === wanted);
        for (const credential of all) {
          await letGo(credential);
          known.forgetStatus(credential.credentialId);
        }
        await inKeychain.sweep();
        if (all.length > 0) onChange();
      }),
    removeAll: (): Promise<void> =>
      exclusively(async () => {
        // Asked first: where the keychain gives nothing up now, nothing goes. One that is gone gives nothing back.
        const hasItems = store.list().length + store.leftovers().length > 0;
        const found: KeychainHealth = hasItems ? await keychain.check() : health.get();
        const problem = hasItems && !keepsNothing(found) ? errorOf(found) : undefined;
        if (problem !== undefined) throw problem;
        for (const credential of known.stored()) await letGo(credential);
        known.forgetStatuses();
        onChange();
        await inKeychain.sweep();
        if (store.leftovers().length > 0 && !keepsNothing(found))
          throw errorOf(health.get()) ?? new PerchError('KEYCHAIN_FAILED');
      }),
    /** Removes the credentials of this session only, and notes that in the trail. */
    async removeSessionOnly(): Promise<void> {
      for (const credential of sessionOnly.list()) await sessionOnly.remove(credential);
    },
  };
}

function contextOf(scope: Scope): { agentId?: string; projectDir?: string } {
  if (scope.kind === 'agent') return { agentId: scope.agentId };
  return scope.kind === 'project' ? { projectDir: scope.projectDir } : {};
}
