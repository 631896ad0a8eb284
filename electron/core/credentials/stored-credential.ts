import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';

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
export interface Leftover {
  readonly credentialId: string;
  readonly items: number;
}

/** Every name under which a credential has items: its own, and its refresh token's. */
export function itemSets({ credentialId, items, renews }: StoredCredential): Leftover[] {
  return [{ credentialId, items }, ...(renews === undefined ? [] : [tokenSet(renews)])];
}

const tokenSet = ({ tokenId, items }: StoredRenewal): Leftover => ({ credentialId: tokenId, items });

export function arrivedSets({ newCredentialId, items, tokenId, tokenItems }: Arrival): Leftover[] {
  return [
    { credentialId: newCredentialId, items },
    { credentialId: tokenId, items: tokenItems },
  ];
}
