import type { CredentialView } from '../../shared/model/credential.ts';

/** The names of a provider's accounts, in the order of the alphabet. */
export function accountsOf(credentials: readonly CredentialView[], providerId: string): string[] {
  const named = credentials.filter((credential) => credential.providerId === providerId);
  return [...new Set(named.flatMap(({ account }) => account ?? []))].sort((a, b) => a.localeCompare(b));
}
