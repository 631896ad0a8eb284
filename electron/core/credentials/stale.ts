import type { CredentialView } from '../../../shared/model/credential.ts';
import type { StaleReason } from '../../../shared/model/stale-session.ts';
import { inEffect } from './chain.ts';

/** The place of a session, and the account that its agent uses now; absent without a choice. */
interface HolderPlace {
  readonly agentId: string;
  readonly projectDir: string;
  readonly chosenAccount: string | undefined;
}

/**
 * Why a credential that a session was started with is not what a session started now would get; undefined: it still is.
 * A stored one never changes under its id: a replacement has another. Pure.
 */
export function staleReason(
  held: CredentialView,
  { agentId, projectDir, chosenAccount }: HolderPlace,
  credentials: readonly CredentialView[],
): StaleReason | undefined {
  if (chosenAccount !== undefined && chosenAccount !== held.account) return 'account-changed';
  const { providerId, variable, account } = held;
  const now = inEffect(credentials, { providerId, variable, account, agentId, projectDir });
  const asItIs = credentials.find(({ credentialId }) => credentialId === held.credentialId);
  if (asItIs?.status === 'expired') return 'expired';
  if (now?.credentialId === held.credentialId) return undefined;
  if (asItIs !== undefined) return 'hidden';
  const place = JSON.stringify(held.scope);
  const successor = credentials.some(
    (other) =>
      other.providerId === providerId &&
      other.variable === variable &&
      other.account === account &&
      JSON.stringify(other.scope) === place,
  );
  return successor ? 'replaced' : 'deleted';
}
