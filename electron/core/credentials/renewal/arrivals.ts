import { defined } from '../../../../shared/defined.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Vault } from '../../keychain/vault.ts';
import type { CredentialStore } from '../credential-store.ts';
import type { Arrival, StoredCredential } from '../stored-credential.ts';

export interface ArrivedValues {
  readonly value: string;
  /** Absent: the server goes on taking the former one. */
  readonly refreshToken?: string;
}

/**
 * How renewed tokens get into the keychain. A server that rotates refresh tokens takes each once: what it gave in
 * exchange is noted before it is written, the refresh token is written first, and what an end of the process left
 * half-way is completed, not deleted. Errors are the keychain's.
 */
export function createArrivals({
  store,
  vault,
  clock,
}: {
  store: CredentialStore;
  vault: Vault;
  clock: Pick<Clock, 'now'>;
}) {
  async function complete(previous: StoredCredential, arrival: Arrival): Promise<void> {
    const hasToken = (await vault.read(arrival.tokenId, arrival.tokenItems)) !== undefined;
    const hasValue = (await vault.read(arrival.newCredentialId, arrival.items)) !== undefined;
    if (hasToken && hasValue) store.refresh(previous, withArrival(previous, arrival, clock.now()));
    else if (hasToken && arrival.tokenId !== previous.renews?.tokenId) {
      store.adoptToken(previous, arrival, clock.now());
    } else store.dropArrival(arrival.credentialId, clock.now());
  }

  return {
    /** When it rejects, what stood there is in place, and `recover` finds what was written already. */
    async keep(previous: StoredCredential, next: StoredCredential, { value, refreshToken }: ArrivedValues) {
      store.noteArrival(arrivalOf(previous, next), clock.now());
      if (next.renews !== undefined && refreshToken !== undefined) {
        await vault.write(next.renews.tokenId, refreshToken);
      }
      await vault.write(next.credentialId, value);
      store.refresh(previous, next);
    },
    /** Brings to an end what was begun. True: something was. */
    async recover(): Promise<boolean> {
      const begun = store.arrivals();
      const kept = store.list();
      for (const arrival of begun) {
        const previous = kept.find(({ credentialId }) => credentialId === arrival.credentialId);
        if (previous !== undefined) await complete(previous, arrival);
      }
      return begun.length > 0;
    },
  };
}

function arrivalOf({ credentialId }: StoredCredential, next: StoredCredential): Arrival {
  return {
    credentialId,
    newCredentialId: next.credentialId,
    masked: next.masked,
    items: next.items,
    ...defined({ expiresAt: next.expiresAt }),
    tokenId: next.renews?.tokenId ?? '',
    tokenItems: next.renews?.items ?? 0,
  };
}

/** The renewed credential: in the place of the former one, under ids of its own. */
export function withArrival(previous: StoredCredential, arrival: Arrival, now: number): StoredCredential {
  const { expiresAt: _, renews, ...rest } = previous;
  const { refused: __, ...renewal } = renews ?? { tokenEndpoint: '', clientId: '' };
  return {
    ...rest,
    credentialId: arrival.newCredentialId,
    masked: arrival.masked,
    items: arrival.items,
    updatedAt: now,
    ...defined({ expiresAt: arrival.expiresAt }),
    renews: { ...renewal, tokenId: arrival.tokenId, items: arrival.tokenItems },
  };
}
