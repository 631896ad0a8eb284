import { keepsNothing } from '../../../shared/model/keychain.ts';
import type { Clock } from '../../node/clock.ts';
import type { HealthWatch } from '../keychain/health.ts';
import { healthOf } from '../keychain/keyring-error.ts';
import { createVault } from '../keychain/vault.ts';
import type { Keychain } from '../ports.ts';
import type { CredentialStore } from './credential-store.ts';
import { type ArrivedValues, createArrivals } from './renewal/arrivals.ts';
import { itemSets, type StoredCredential } from './stored-credential.ts';

export type KeychainCredentials = ReturnType<typeof createKeychainCredentials>;

/**
 * Credentials with values in the keychain and rows in the database. An interrupted change leaves no unknown item: an
 * item is noted before it is written, and swept when no row names it any more.
 */
export function createKeychainCredentials(options: {
  store: CredentialStore;
  keychain: Keychain;
  health: HealthWatch;
  clock: Pick<Clock, 'now'>;
}) {
  const { store, keychain, health, clock } = options;
  const vault = createVault(keychain);
  const arrivals = createArrivals({ store, vault, clock });

  /** Deletes what no credential names any more. What fails stays noted, for the next time. */
  const sweep = async (): Promise<void> => {
    for (const leftover of store.leftovers()) {
      try {
        await health.asking(() => vault.erase(leftover.credentialId, leftover.items));
      } catch (error) {
        if (healthOf(error) === undefined) throw error;
        return;
      }
      store.forgetLeftover(leftover.credentialId);
    }
  };

  return {
    vault,
    list: store.list,
    sweep,
    /** The keychain that the items are in, when it is another than this one. */
    elsewhere(): string | undefined {
      const previous = store.keychainName();
      return previous !== undefined && previous !== keychain.store && store.list().length > 0 ? previous : undefined;
    },
    /** Answers what stood in its place; after an error that is still there. @throws PerchError KEYCHAIN_* */
    async set(credential: StoredCredential, values: ArrivedValues): Promise<StoredCredential | undefined> {
      const { credentialId, renews } = credential;
      store.noteLeftover(credential, clock.now());
      await health.asking(async () => {
        if (renews !== undefined) await vault.write(renews.tokenId, values.refreshToken ?? '');
        await vault.write(credentialId, values.value);
      });
      const previous = store.replace(credential);
      store.rememberKeychain(keychain.store);
      health.set({ state: 'available', store: keychain.store });
      await sweep();
      return previous;
    },
    /** @throws PerchError KEYCHAIN_* */
    refresh: (previous: StoredCredential, next: StoredCredential, values: ArrivedValues): Promise<void> =>
      health.asking(() => arrivals.keep(previous, next, values)),
    /** Brings to an end what was begun. True: something was. @throws PerchError KEYCHAIN_* */
    recover: (): Promise<boolean> => health.asking(arrivals.recover),
    /** @throws PerchError KEYCHAIN_* (then it is still there) */
    async remove(credential: StoredCredential): Promise<void> {
      const sets = itemSets(credential);
      try {
        for (const { credentialId, items } of sets) await health.asking(() => vault.erase(credentialId, items));
      } catch (error) {
        // A keychain that is gone gives nothing back; the entry may go, and its items if the keychain comes again.
        const found = healthOf(error);
        if (found === undefined || !keepsNothing(found)) throw error;
      }
      store.remove(credential, clock.now());
      if (keepsNothing(health.get())) return;
      for (const { credentialId } of sets) store.forgetLeftover(credentialId);
      await sweep();
    },
    /** The row goes now, its items with the next sweep. */
    letGo: (credential: StoredCredential): void => store.remove(credential, clock.now()),
  };
}
