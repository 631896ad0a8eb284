import type { Params, Result } from '../../../shared/contract/methods.ts';
import { createListeners } from '../../../shared/listeners.ts';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import type { Clock } from '../../node/clock.ts';
import { createMutex } from '../../node/mutex.ts';
import { createHealthWatch } from '../keychain/health.ts';
import type { Keychain, Random } from '../ports.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Database } from '../storage/database/database.ts';
import { createCredentialStore } from './credential-store.ts';
import { createExpiryAlarm } from './expiry-alarm.ts';
import { createKeychainCredentials } from './keychain-credentials.ts';
import { createKnownCredentials, type RenewalFailure } from './known-credentials.ts';
import type { RenewalParams } from './new-credential.ts';
import { createReading } from './reading.ts';
import { createRemoving } from './removing.ts';
import { createRenewing, type Renewable, type RenewedTokens } from './renewal/renewing.ts';
import {
  type CredentialRequest,
  type CredentialResolution,
  inReach,
  type ResolvedCredentials,
  resolution,
} from './resolution.ts';
import { createSessionOnly } from './session-only.ts';
import { createStoring } from './storing.ts';
import { createCredentialTrail } from './trail.ts';

export interface CredentialService {
  list(): CredentialView[];
  /**
   * @throws PerchError PROVIDER_UNKNOWN, VARIABLE_NOT_ACCEPTED, CREDENTIAL_EMPTY, CREDENTIAL_TOO_LARGE,
   * CREDENTIAL_HAS_NUL, CREDENTIAL_NOT_SENDABLE, KEYCHAIN_*. After an error the former value is still in place.
   */
  set(params: Params<'credentials.set'>): Promise<Result<'credentials.set'>>;
  /**
   * Like `set`, with the parameters that renew it; no transport offers this method. The refresh token is kept as the
   * value is.
   */
  setRenewable(params: RenewableParams): Promise<Result<'credentials.set'>>;
  /** The credentials that can be renewed, with what a refresher needs to know and without any token. */
  renewables(): Renewable[];
  /**
   * Undefined: it is gone, or another has taken its place.
   * @throws PerchError CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  refreshToken(credentialId: string): Promise<string | undefined>;
  /**
   * Puts what the server gave in the place of the credential; undefined: that is gone, and this with it.
   * @throws PerchError KEYCHAIN_* (then the former one is in place, and this has to be given again)
   */
  renewed(credentialId: string, tokens: RenewedTokens): Promise<CredentialView | undefined>;
  /** The answer of `resolve` after a renewal of everything that can still be renewed. */
  inReach(request: CredentialRequest): CredentialView[];
  /** Without `nextTryAt` it is kept until it is stored or signed in anew. */
  renewalFailed(credentialId: string, failure: RenewalFailure): void;
  /** @throws PerchError NOT_FOUND, KEYCHAIN_* (then it is still there) */
  remove(params: Params<'credentials.remove'>): Promise<Result<'credentials.remove'>>;
  /** Everything of one agent or project, values included; what the keychain does not give up now goes later. */
  removeScope(scope: Exclude<Scope, { kind: 'global' }>): Promise<void>;
  /**
   * Every one, left-overs too.
   * @throws PerchError KEYCHAIN_*: the keychain still has some; each is noted and goes with the next try
   */
  removeAll(): Promise<void>;
  /** Keychain items that no credential names any more and that are still there: of how many credentials. */
  leftovers(): number;
  /** Status, gate and plan all use this one chain; no secret in it. `accepted`: complete alternatives, best first. */
  resolve(request: CredentialRequest): CredentialResolution;
  /**
   * The values of a resolution, by variable.
   * @throws PerchError CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  readValues(resolution: ResolvedCredentials): Promise<ReadonlyMap<string, string>>;
  /** The values of those of this session only, refresh tokens too: they are in no keychain. */
  heldValues(): Promise<string[]>;
  health(): KeychainHealth;
  /** Asks the keychain anew, and tries again what it could not delete before. */
  checkHealth(): Promise<KeychainHealth>;
  /** Removes the credentials of this session only, and notes that in the trail. */
  dispose(): Promise<void>;
  /** Called after the list, a status in it, or the health changed. */
  onChange(listener: () => void): () => void;
}

export interface RenewableParams extends Params<'credentials.set'> {
  readonly renewal?: RenewalParams;
}

export function createCredentialService(options: {
  database: Pick<Database, 'sql'>;
  keychain: Keychain;
  registry: Pick<ProviderRegistry, 'get'>;
  clock: Clock;
  random: Random;
}): CredentialService {
  const { keychain, registry, clock, random } = options;
  const changes = createListeners();
  const onChange = changes.notify;
  const trail = createCredentialTrail({ database: options.database, clock });
  const store = createCredentialStore(options.database, trail);
  const health = createHealthWatch(onChange);
  const inKeychain = createKeychainCredentials({ store, keychain, health, clock });
  const sessionOnly = createSessionOnly(trail);
  const known = createKnownCredentials({ inKeychain, sessionOnly, health: health.get, clock, onChange });
  const alarm = createExpiryAlarm({ clock, stored: known.stored, ring: onChange });
  const exclusively = createMutex();
  const put = createStoring({ known, registry, clock, random, exclusively, onChange });
  const removing = createRemoving({ known, inKeychain, sessionOnly, store, keychain, health, exclusively, onChange });
  // Before the others: they may read what has expired.
  changes.add(alarm.set);
  alarm.set();

  async function checkHealth(): Promise<KeychainHealth> {
    const previous = inKeychain.elsewhere();
    const found = await keychain.check();
    if (found.state === 'available' && previous !== undefined) {
      health.set({ state: 'changed', previous, current: keychain.store });
    } else health.set(found);
    if (found.state === 'available') {
      known.forgetUnreadable();
      await inKeychain.recover();
      onChange();
      await inKeychain.sweep();
    }
    return health.get();
  }

  return {
    list: known.list,
    set: (params) => put(params, undefined),
    setRenewable: (params) => put(params, params.renewal),
    ...createRenewing({ known, inKeychain, store, health, clock, random, exclusively, onChange }),
    remove: removing.remove,
    removeScope: removing.removeScope,
    removeAll: removing.removeAll,
    leftovers: () => store.leftovers().length,
    inReach: (request) => inReach(known.list(), request),
    resolve: (request) => resolution(known.list(), request, health.get()),
    readValues: createReading({ known, inKeychain, keychain, health }),
    heldValues: sessionOnly.values,
    health: health.get,
    checkHealth: () => exclusively(checkHealth),
    dispose: () =>
      exclusively(async () => {
        alarm.stop();
        await removing.removeSessionOnly();
      }),
    onChange: changes.add,
  };
}
