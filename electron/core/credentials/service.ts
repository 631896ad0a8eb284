import type { Params, Result } from '../../../shared/contract/methods.ts';
import { maskValue } from '../../../shared/credentials/masking.ts';
import { PerchError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialRenewal, CredentialView, Scope } from '../../../shared/model/credential.ts';
import { type KeychainHealth, keepsNothing } from '../../../shared/model/keychain.ts';
import type { Clock } from '../../node/clock.ts';
import { createHealthWatch } from '../keychain/health.ts';
import { createInTurn } from '../keychain/in-turn.ts';
import { errorOf } from '../keychain/keyring-error.ts';
import type { Keychain, Random } from '../ports.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Database } from '../storage/database/database.ts';
import { createAlarm } from './alarm.ts';
import { inEffect } from './chain.ts';
import { checkInput, normalScope } from './input.ts';
import { createKept } from './kept.ts';
import { newCredential, type RenewalParams } from './new-credential.ts';
import { type ArrivedValues, withArrival } from './renewal/arrivals.ts';
import {
  type CredentialRequest,
  type CredentialResolution,
  inReach,
  type ResolvedCredentials,
  resolution,
  withHealth,
} from './resolution.ts';
import { createSessionOnly } from './session-only.ts';
import { createCredentialStore, type StoredCredential, type StoredRenewal } from './store.ts';
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

export interface Renewable extends Pick<StoredRenewal, 'tokenEndpoint' | 'clientId' | 'scopes'> {
  readonly credential: CredentialView;
}

export interface RenewedTokens extends ArrivedValues {
  readonly expiresAt?: number;
}

interface RenewalFailure {
  readonly error: WireError;
  readonly nextTryAt?: number;
}

export function createCredentialService(options: {
  database: Pick<Database, 'sql'>;
  keychain: Keychain;
  registry: Pick<ProviderRegistry, 'get'>;
  clock: Clock;
  random: Random;
}): CredentialService {
  const { keychain, registry, clock, random } = options;
  const trail = createCredentialTrail({ database: options.database, clock });
  const store = createCredentialStore(options.database, trail);
  const health = createHealthWatch(changed);
  const kept = createKept({ store, keychain, health, clock });
  const sessionOnly = createSessionOnly(trail);
  const placeOf = ({ storage }: Pick<StoredCredential, 'storage'>) => (storage === 'keychain' ? kept : sessionOnly);
  const failures = new Map<string, RenewalFailure>();
  const statuses = new Map<string, CredentialView['status']>();
  const listeners = new Set<() => void>();
  const inTurn = createInTurn();
  let disposed = false;

  const setStatus = (credentialId: string, status: CredentialView['status']) => {
    if (statuses.get(credentialId) === status) return;
    statuses.set(credentialId, status);
    changed();
  };
  const stored = () => [...kept.list(), ...sessionOnly.list()];
  const find = (id: string) => stored().find(({ credentialId }) => credentialId === id);
  const view = (credential: StoredCredential): CredentialView => {
    const { items: _, renews, ...rest } = credential;
    const { credentialId, expiresAt = Number.POSITIVE_INFINITY } = credential;
    const status = expiresAt <= clock.now() ? 'expired' : (statuses.get(credentialId) ?? 'not-checked');
    return { ...rest, ...(renews === undefined ? {} : { renewal: renewalView(credentialId, renews) }), status };
  };
  const renewalView = (credentialId: string, { refused }: StoredRenewal): CredentialRenewal => {
    const failure = refused === undefined ? failures.get(credentialId) : { error: refused };
    return failure === undefined ? { state: 'ok' } : { state: 'failed', ...failure };
  };
  const listNow = () => withHealth(stored().map(view), health.get());

  /** No other event says that the next credential has expired. */
  const alarm = createAlarm({ clock, ring: changed });
  function setAlarm(): void {
    if (disposed) return;
    const now = clock.now();
    const ends = stored().flatMap(({ expiresAt = 0 }) => (expiresAt > now ? [expiresAt] : []));
    alarm.set(ends.length === 0 ? undefined : Math.min(...ends));
  }
  function changed(): void {
    setAlarm();
    for (const listener of listeners) listener();
  }

  const readOne = async ({ credentialId, variable, providerId }: CredentialView): Promise<string> => {
    const unreadable = () => new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
    const credential = find(credentialId);
    if (credential === undefined) throw unreadable();
    const value = await health.asking(() => placeOf(credential).vault.read(credentialId, credential.items));
    setStatus(credentialId, value === undefined ? 'unreadable' : 'ok');
    if (value === undefined) throw unreadable();
    const isHere = credential.storage === 'keychain' && kept.elsewhere() === undefined;
    if (isHere) health.set({ state: 'available', store: keychain.store });
    return value;
  };

  const put = (params: Params<'credentials.set'>, renewal: RenewableParams['renewal']) =>
    inTurn(async () => {
      const input = checkInput(params, registry.get(params.providerId));
      const place = placeOf(params);
      const credential = newCredential(input, {
        storage: params.storage,
        itemsFor: place.vault.itemsFor,
        renewal,
        now: clock.now(),
        newId: random.uuid,
      });
      const values = { ...input, ...(renewal === undefined ? {} : { refreshToken: renewal.refreshToken }) };
      const previous = await place.set(credential, values);
      if (previous !== undefined) statuses.delete(previous.credentialId);
      statuses.set(credential.credentialId, 'ok');
      changed();
      const saved = view(find(credential.credentialId) ?? credential);
      return { credential: saved, replaced: previous !== undefined, trimmed: input.trimmed };
    });

  setAlarm();
  return {
    list: listNow,
    set: (params) => put(params, undefined),
    setRenewable: (params) => put(params, params.renewal),
    renewables: () =>
      stored().flatMap((credential) => {
        const { renews } = credential;
        if (renews === undefined) return [];
        const { tokenEndpoint, clientId, scopes } = renews;
        return [{ credential: view(credential), tokenEndpoint, clientId, ...(scopes === undefined ? {} : { scopes }) }];
      }),
    refreshToken: (credentialId) =>
      inTurn(async () => {
        if (await kept.recover()) changed();
        const credential = find(credentialId);
        if (credential?.renews === undefined) return undefined;
        const { variable, providerId, renews } = credential;
        const token = await health.asking(() => placeOf(credential).vault.read(renews.tokenId, renews.items));
        if (token === undefined) throw new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
        return token;
      }),
    renewed: (credentialId, { expiresAt, ...values }) =>
      inTurn(async () => {
        const previous = find(credentialId);
        if (previous?.renews === undefined) return undefined;
        const place = placeOf(previous);
        const { refreshToken } = values;
        const next = withArrival(
          previous,
          {
            credentialId,
            newCredentialId: random.uuid(),
            masked: maskValue(values.value),
            items: place.vault.itemsFor(values.value),
            ...(expiresAt === undefined ? {} : { expiresAt }),
            tokenId: refreshToken === undefined ? previous.renews.tokenId : random.uuid(),
            tokenItems: refreshToken === undefined ? previous.renews.items : place.vault.itemsFor(refreshToken),
          },
          clock.now(),
        );
        await place.refresh(previous, next, values);
        failures.delete(credentialId);
        statuses.delete(credentialId);
        statuses.set(next.credentialId, 'ok');
        changed();
        await kept.sweep();
        return view(next);
      }),
    renewalFailed(credentialId, failure) {
      failures.set(credentialId, failure);
      if (failure.nextTryAt === undefined) store.setRefused(credentialId, failure.error);
      changed();
    },
    remove: ({ credentialId }) =>
      inTurn(async () => {
        const credential = find(credentialId);
        if (credential === undefined) throw new PerchError('NOT_FOUND');
        const removed = view(credential);
        await placeOf(credential).remove(credential);
        statuses.delete(credentialId);
        changed();
        const nowInEffect = inEffect(listNow(), { ...contextOf(credential.scope), ...credential });
        return { removed, ...(nowInEffect === undefined ? {} : { nowInEffect }) };
      }),
    removeScope: (scope) =>
      inTurn(async () => {
        const wanted = JSON.stringify(normalScope(scope));
        const all = stored().filter((credential) => JSON.stringify(credential.scope) === wanted);
        for (const credential of all) {
          await letGo(credential);
          statuses.delete(credential.credentialId);
        }
        await kept.sweep();
        if (all.length > 0) changed();
      }),
    removeAll: () =>
      inTurn(async () => {
        // Asked first: where the keychain gives nothing up now, nothing goes. One that is gone gives nothing back.
        const hasItems = store.list().length + store.leftovers().length > 0;
        const found: KeychainHealth = hasItems ? await keychain.check() : health.get();
        const problem = hasItems && !keepsNothing(found) ? errorOf(found) : undefined;
        if (problem !== undefined) throw problem;
        for (const credential of stored()) await letGo(credential);
        statuses.clear();
        changed();
        await kept.sweep();
        if (store.leftovers().length > 0 && !keepsNothing(found))
          throw errorOf(health.get()) ?? new PerchError('KEYCHAIN_FAILED');
      }),
    leftovers: () => store.leftovers().length,
    inReach: (request) => inReach(listNow(), request),
    resolve: (request) => resolution(listNow(), request, health.get()),
    async readValues({ entries }) {
      const values = new Map<string, string>();
      for (const entry of entries) values.set(entry.variable, await readOne(entry));
      return values;
    },
    heldValues: sessionOnly.values,
    health: health.get,
    checkHealth: () =>
      inTurn(async () => {
        const previous = kept.elsewhere();
        const found = await keychain.check();
        if (found.state === 'available' && previous !== undefined) {
          health.set({ state: 'changed', previous, current: keychain.store });
        } else health.set(found);
        if (found.state === 'available') {
          // The keychain may have caused an unreadable value: its state is open again.
          for (const [id, status] of statuses) if (status === 'unreadable') statuses.delete(id);
          await kept.recover();
          changed();
          await kept.sweep();
        }
        return health.get();
      }),
    dispose: () =>
      inTurn(async () => {
        disposed = true;
        alarm.set(undefined);
        for (const credential of sessionOnly.list()) await sessionOnly.remove(credential);
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  /** Values of the keychain go with the next sweep. */
  async function letGo(credential: StoredCredential): Promise<void> {
    if (credential.storage === 'keychain') kept.letGo(credential);
    else await sessionOnly.remove(credential);
  }
}

function contextOf(scope: Scope): { agentId?: string; projectDir?: string } {
  if (scope.kind === 'agent') return { agentId: scope.agentId };
  return scope.kind === 'project' ? { projectDir: scope.projectDir } : {};
}
