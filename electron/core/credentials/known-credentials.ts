import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialRenewal, CredentialView } from '../../../shared/model/credential.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import type { Clock } from '../../node/clock.ts';
import type { KeychainCredentials } from './keychain-credentials.ts';
import { withHealth } from './resolution.ts';
import type { SessionOnly } from './session-only.ts';
import type { StoredCredential, StoredRenewal } from './stored-credential.ts';

type Status = CredentialView['status'];

export interface RenewalFailure {
  readonly error: WireError;
  readonly nextTryAt?: number;
}

export type KnownCredentials = ReturnType<typeof createKnownCredentials>;

/**
 * Every credential, wherever its value is, with what this process has found out about it: its status, and why its
 * renewal failed. Callers report the change themselves, apart from `found`.
 */
export function createKnownCredentials(options: {
  inKeychain: KeychainCredentials;
  sessionOnly: SessionOnly;
  health: () => KeychainHealth;
  clock: Pick<Clock, 'now'>;
  onChange: () => void;
}) {
  const { inKeychain, sessionOnly, health, clock, onChange } = options;
  const statuses = new Map<string, Status>();
  const failures = new Map<string, RenewalFailure>();

  const stored = (): StoredCredential[] => [...inKeychain.list(), ...sessionOnly.list()];

  const renewalView = (credentialId: string, { refused }: StoredRenewal): CredentialRenewal => {
    const failure = refused === undefined ? failures.get(credentialId) : { error: refused };
    return failure === undefined ? { state: 'ok' } : { state: 'failed', ...failure };
  };
  const view = (credential: StoredCredential): CredentialView => {
    const { items: _, renews, ...rest } = credential;
    const { credentialId, expiresAt = Number.POSITIVE_INFINITY } = credential;
    const status = expiresAt <= clock.now() ? 'expired' : (statuses.get(credentialId) ?? 'not-checked');
    return { ...rest, ...(renews === undefined ? {} : { renewal: renewalView(credentialId, renews) }), status };
  };

  return {
    stored,
    view,
    find: (id: string): StoredCredential | undefined => stored().find(({ credentialId }) => credentialId === id),
    list: (): CredentialView[] => withHealth(stored().map(view), health()),
    /** The place that holds its value. */
    placeOf: ({ storage }: Pick<StoredCredential, 'storage'>) => (storage === 'keychain' ? inKeychain : sessionOnly),
    setStatus: (credentialId: string, status: Status): void => void statuses.set(credentialId, status),
    /** A read found this out: the change is reported where it is one. */
    found(credentialId: string, status: Status): void {
      if (statuses.get(credentialId) === status) return;
      statuses.set(credentialId, status);
      onChange();
    },
    setFailure: (credentialId: string, failure: RenewalFailure): void => void failures.set(credentialId, failure),
    forgetStatus: (credentialId: string): void => void statuses.delete(credentialId),
    forgetFailure: (credentialId: string): void => void failures.delete(credentialId),
    forgetStatuses: (): void => statuses.clear(),
    /** The keychain may have caused an unreadable value: its state is open again. */
    forgetUnreadable(): void {
      for (const [id, status] of statuses) if (status === 'unreadable') statuses.delete(id);
    },
  };
}
