import { maskValue } from '../../../../shared/credentials/masking.ts';
import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Mutex } from '../../../node/mutex.ts';
import type { HealthWatch } from '../../keychain/health.ts';
import type { Random } from '../../ports.ts';
import type { CredentialStore } from '../credential-store.ts';
import type { KeychainCredentials } from '../keychain-credentials.ts';
import type { KnownCredentials, RenewalFailure } from '../known-credentials.ts';
import type { StoredCredential, StoredRenewal } from '../stored-credential.ts';
import { type ArrivedValues, withArrival } from './arrivals.ts';

export interface Renewable extends Pick<StoredRenewal, 'tokenEndpoint' | 'clientId' | 'scopes'> {
  readonly credential: CredentialView;
}

export interface RenewedTokens extends ArrivedValues {
  readonly expiresAt?: number;
}

/** The side of the credentials that a refresher sees: what can be renewed, with which token, and what came of it. */
export function createRenewing(options: {
  known: KnownCredentials;
  inKeychain: Pick<KeychainCredentials, 'recover' | 'sweep'>;
  store: Pick<CredentialStore, 'setRefused'>;
  health: Pick<HealthWatch, 'asking'>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
  exclusively: Mutex;
  onChange: () => void;
}) {
  const { known, inKeychain, store, health, clock, random, exclusively, onChange } = options;

  function replacement(
    previous: StoredCredential & { renews: StoredRenewal },
    { expiresAt, value, refreshToken }: RenewedTokens,
  ): StoredCredential {
    const { credentialId, renews } = previous;
    const { vault } = known.placeOf(previous);
    return withArrival(
      previous,
      {
        credentialId,
        newCredentialId: random.uuid(),
        masked: maskValue(value),
        items: vault.itemsFor(value),
        ...defined({ expiresAt }),
        tokenId: refreshToken === undefined ? renews.tokenId : random.uuid(),
        tokenItems: refreshToken === undefined ? renews.items : vault.itemsFor(refreshToken),
      },
      clock.now(),
    );
  }

  return {
    /** The credentials that can be renewed, without any token. */
    renewables: (): Renewable[] =>
      known.stored().flatMap((credential) => {
        const { renews } = credential;
        if (renews === undefined) return [];
        const { tokenEndpoint, clientId, scopes } = renews;
        const view = known.view(credential);
        return [{ credential: view, tokenEndpoint, clientId, ...defined({ scopes }) }];
      }),
    refreshToken: (credentialId: string): Promise<string | undefined> =>
      exclusively(async () => {
        if (await inKeychain.recover()) onChange();
        const credential = known.find(credentialId);
        if (credential?.renews === undefined) return undefined;
        const { variable, providerId, renews } = credential;
        const token = await health.asking(() => known.placeOf(credential).vault.read(renews.tokenId, renews.items));
        if (token === undefined) throw new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
        return token;
      }),
    renewed: (credentialId: string, tokens: RenewedTokens): Promise<CredentialView | undefined> =>
      exclusively(async () => {
        const previous = known.find(credentialId);
        if (previous?.renews === undefined) return undefined;
        const { expiresAt: _, ...values } = tokens;
        const next = replacement({ ...previous, renews: previous.renews }, tokens);
        await known.placeOf(previous).refresh(previous, next, values);
        known.forgetFailure(credentialId);
        known.forgetStatus(credentialId);
        known.setStatus(next.credentialId, 'ok');
        onChange();
        await inKeychain.sweep();
        return known.view(next);
      }),
    renewalFailed(credentialId: string, failure: RenewalFailure): void {
      known.setFailure(credentialId, failure);
      if (failure.nextTryAt === undefined) store.setRefused(credentialId, failure.error);
      onChange();
    },
  };
}
