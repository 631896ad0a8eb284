import { resolve as resolvePath } from 'node:path';
import { toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import { errorOf } from '../keychain/keyring-error.ts';
import { accountInEffect, firstComplete, inEffect } from './chain.ts';
import { isOver } from './renewal/schedule.ts';

export interface CredentialRequest {
  readonly providerId: string;
  readonly agentId: string;
  readonly projectDir: string;
  /** The account that the user chose; absent without a choice. */
  readonly account?: string | undefined;
  /** Complete alternatives, best first. */
  readonly accepted: readonly (readonly string[])[];
  /** Credentials that the project itself names. */
  readonly declared?: readonly CredentialView[];
}

export type CredentialResolution =
  | { readonly state: 'not-needed' }
  | { readonly state: 'missing'; readonly accepted: string[][] }
  | { readonly state: 'resolved'; readonly entries: CredentialView[] }
  /** The best there are, and every other is expired too. */
  | { readonly state: 'expired'; readonly entries: CredentialView[] }
  | { readonly state: 'unreadable'; readonly entries: CredentialView[]; readonly error: WireError };
export type ResolvedCredentials = Extract<CredentialResolution, { state: 'resolved' }>;

/**
 * The credentials as they are now: a value in a keychain that cannot be used is not readable, whatever was known of it.
 */
export function withHealth(credentials: readonly CredentialView[], health: KeychainHealth): CredentialView[] {
  const isBroken = errorOf(health) !== undefined;
  return credentials.map((credential) =>
    isBroken && credential.storage === 'keychain' && credential.status !== 'expired'
      ? { ...credential, status: 'unreadable' as const }
      : credential,
  );
}

/** The one way from what is there to what a session gets. `credentials`: as they are now. Pure. */
export function resolution(
  credentials: readonly CredentialView[],
  request: CredentialRequest,
  health: KeychainHealth,
): CredentialResolution {
  const { accepted } = request;
  if (accepted.length === 0) return { state: 'not-needed' };
  const entries = chosenOf(credentials, request);
  if (entries === undefined) return { state: 'missing', accepted: accepted.map((alternative) => [...alternative]) };
  if (entries.some(({ status }) => status === 'expired')) return { state: 'expired', entries };
  const error = unreadableReason(entries, health);
  return error === undefined ? { state: 'resolved', entries } : { state: 'unreadable', entries, error };
}

/** The credentials after a renewal of everything that can still be renewed. */
export function inReach(credentials: readonly CredentialView[], request: CredentialRequest): CredentialView[] {
  return chosenOf(credentials.map(asIfRenewed), request) ?? [];
}

function chosenOf(
  credentials: readonly CredentialView[],
  // Stryker disable next-line ArrayDeclaration: a text is no credential of any provider.
  { providerId, agentId, projectDir, account: chosen, accepted, declared = [] }: CredentialRequest,
): CredentialView[] | undefined {
  const place = { agentId, projectDir: resolvePath(projectDir), providerId };
  const account = chosen ?? accountInEffect(credentials, { ...place, variables: accepted.flat() });
  const from = (all: readonly CredentialView[]) =>
    firstComplete(accepted, (variable) => inEffect(all, { ...place, account, variable }));
  // A whole alternative of the user's own comes before one that needs the project's declarations.
  const own = from(credentials);
  if (own?.every(({ status }) => status !== 'expired')) return own;
  return from([...credentials, ...declared.map((one) => (account === undefined ? one : { ...one, account }))]);
}

function asIfRenewed(credential: CredentialView): CredentialView {
  const renews = credential.renewal !== undefined && !isOver(credential);
  return renews && credential.status === 'expired' ? { ...credential, status: 'not-checked' } : credential;
}

function unreadableReason(entries: readonly CredentialView[], health: KeychainHealth): WireError | undefined {
  const problem = errorOf(health);
  if (problem !== undefined && entries.some((entry) => entry.storage === 'keychain')) return toWireError(problem);
  const broken = entries.find((entry) => entry.status === 'unreadable');
  if (broken === undefined) return undefined;
  return { code: 'CREDENTIAL_UNREADABLE', values: { variable: broken.variable, providerId: broken.providerId } };
}
