import { maskValue } from '../../../shared/credentials/masking.ts';
import { defined } from '../../../shared/defined.ts';
import type { CheckedInput } from './input.ts';
import type { StoredCredential } from './stored-credential.ts';

/** The parameters that renew a credential. */
export interface RenewalParams {
  readonly refreshToken: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scopes?: string;
}

/** The database row of a value that is about to be stored. Pure. */
export function newCredential(
  { providerId, variable, scope, account, expiresAt, value }: CheckedInput,
  made: {
    storage: StoredCredential['storage'];
    itemsFor: (value: string) => number;
    renewal: RenewalParams | undefined;
    now: number;
    newId: () => string;
  },
): StoredCredential {
  const { storage, itemsFor, renewal, now, newId } = made;
  return {
    credentialId: newId(),
    providerId,
    variable,
    scope,
    ...defined({ account }),
    storage,
    items: itemsFor(value),
    masked: maskValue(value),
    createdAt: now,
    updatedAt: now,
    ...defined({ expiresAt }),
    ...(renewal === undefined ? {} : { renews: renews(renewal, { itemsFor, newId }) }),
  };
}

function renews(
  { refreshToken, ...rest }: RenewalParams,
  { itemsFor, newId }: { itemsFor: (value: string) => number; newId: () => string },
): NonNullable<StoredCredential['renews']> {
  return { tokenId: newId(), items: itemsFor(refreshToken), ...rest };
}
