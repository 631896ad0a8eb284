import { resolve as resolvePath } from 'node:path';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError, toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialRenewal, CredentialView, Scope } from '../../../shared/model/credential.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import type { Database } from '../database/database.ts';
import type { Clock, Keychain, Random } from '../ports.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { createAlarm } from './alarm.ts';
import { accountInEffect, firstComplete, inEffect } from './chain.ts';
import { type CheckedInput, checkInput, normalScope } from './input.ts';
import { errorOf, healthOf } from './keyring-error.ts';
import { maskValue } from './masking.ts';
import { createMemoryKeychain } from './memory.ts';
import { type ArrivedValues, createArrivals, withArrival } from './renewal/arrivals.ts';
import { isOver } from './renewal/schedule.ts';
import { createCredentialStore, itemSets, type StoredCredential, type StoredRenewal } from './store.ts';
import { createCredentialTrail } from './trail.ts';
import { createVault, type Vault } from './vault.ts';

export interface CredentialService {
  list(): CredentialView[];
  /**
   * @throws PerchError PROVIDER_UNKNOWN, VARIABLE_NOT_ACCEPTED, CREDENTIAL_EMPTY, CREDENTIAL_TOO_LARGE,
   * CREDENTIAL_HAS_NUL, KEYCHAIN_*. After an error the former value is still in place.
   */
  set(params: Params<'credentials.set'>): Promise<Result<'credentials.set'>>;
  /** As `set`, with what it can be renewed with: no door offers this. The refresh token is kept as the value is. */
  setRenewable(params: RenewableParams): Promise<Result<'credentials.set'>>;
  /** Those that can be renewed, with what a refresher needs to know; no token in it. */
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
  /** What `resolve` would answer with if all that can still be renewed were renewed. */
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
  health(): KeychainHealth;
  /** Asks the keychain anew, and tries again what it could not delete before. */
  checkHealth(): Promise<KeychainHealth>;
  /** Those of this session only go, and the trail says so. */
  dispose(): Promise<void>;
  /** Called after the list, a status in it, or the health changed. */
  onChange(listener: () => void): () => void;
}

export interface RenewableParams extends Params<'credentials.set'> {
  readonly renewal?: {
    readonly refreshToken: string;
    readonly tokenEndpoint: string;
    readonly clientId: string;
    /** Separated by spaces. */
    readonly scopes?: string;
  };
}

export interface Renewable extends Pick<StoredRenewal, 'tokenEndpoint' | 'clientId' | 'scopes'> {
  readonly credential: CredentialView;
}

export interface RenewedTokens extends ArrivedValues {
  readonly expiresAt?: number;
}

export interface RenewalFailure {
  readonly error: WireError;
  readonly nextTryAt?: number;
}

export interface CredentialRequest {
  readonly providerId: string;
  readonly agentId: string;
  readonly projectDir: string;
  /** The account that was chosen; absent: nobody chose. */
  readonly account?: string | undefined;
  readonly accepted: readonly (readonly string[])[];
}

export type CredentialResolution =
  | { readonly state: 'not-needed' }
  | { readonly state: 'missing'; readonly accepted: string[][] }
  | { readonly state: 'resolved'; readonly entries: CredentialView[] }
  /** The best there are, and every other is expired too. */
  | { readonly state: 'expired'; readonly entries: CredentialView[] }
  | { readonly state: 'unreadable'; readonly entries: CredentialView[]; readonly error: WireError };
export type ResolvedCredentials = Extract<CredentialResolution, { state: 'resolved' }>;

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
  const vaults = { keychain: createVault(keychain), 'session-only': createVault(createMemoryKeychain()) };
  const arrivals = createArrivals({ store, vault: vaults.keychain, clock });
  const ephemeral = new Map<string, StoredCredential>();
  const failures = new Map<string, RenewalFailure>();
  const statuses = new Map<string, CredentialView['status']>();
  const listeners = new Set<() => void>();
  const inTurn = createQueue();
  let health: KeychainHealth = { state: 'unknown' };
  let disposed = false;

  const changed = () => {
    setAlarm();
    for (const listener of listeners) listener();
  };
  const setHealth = (next: KeychainHealth) => {
    if (JSON.stringify(next) === JSON.stringify(health)) return;
    health = next;
    changed();
  };
  const available = (): KeychainHealth => ({ state: 'available', store: keychain.store });
  const setStatus = (credentialId: string, status: CredentialView['status']) => {
    if (statuses.get(credentialId) === status) return;
    statuses.set(credentialId, status);
    changed();
  };
  const stored = () => [...store.list(), ...ephemeral.values()];
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
  const list = () => stored().map(view);

  /** Nothing else tells that the next one's end has come. */
  const alarm = createAlarm({ clock, ring: changed });
  function setAlarm(): void {
    if (disposed) return;
    const now = clock.now();
    const ends = stored().flatMap(({ expiresAt = 0 }) => (expiresAt > now ? [expiresAt] : []));
    alarm.set(ends.length === 0 ? undefined : Math.min(...ends));
  }

  /** What the keychain is asked; what it answers decides its health. */
  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      setHealth(healthOf(error) ?? health);
      throw error;
    }
  };

  /** Deletes what no credential names any more. What fails stays noted, for the next time. */
  const sweep = async () => {
    for (const leftover of store.leftovers()) {
      try {
        await asking(() => vaults.keychain.erase(leftover.credentialId, leftover.items));
      } catch (error) {
        if (healthOf(error) === undefined) throw error;
        return;
      }
      store.forgetLeftover(leftover.credentialId);
    }
  };

  const isElsewhere = () => {
    const previous = store.keychainName();
    return previous !== undefined && previous !== keychain.store && store.list().length > 0 ? previous : undefined;
  };

  const setInKeychain = async (credential: StoredCredential, { value, refreshToken }: ArrivedValues) => {
    store.noteLeftover(credential, clock.now());
    await asking(async () => {
      if (credential.renews !== undefined) await vaults.keychain.write(credential.renews.tokenId, refreshToken ?? '');
      await vaults.keychain.write(credential.credentialId, value);
    });
    const previous = store.replace(credential);
    store.rememberKeychain(keychain.store);
    setHealth(available());
    if (previous !== undefined) statuses.delete(previous.credentialId);
    await sweep();
    return previous;
  };

  const setInMemory = async (credential: StoredCredential, values: ArrivedValues) => {
    const previous = [...ephemeral.values()].find((other) => samePlace(other, credential));
    trail.note(previous === undefined ? 'stored' : 'replaced', credential);
    if (previous !== undefined) await dropEphemeral(previous);
    await putEphemeral({ ...credential, createdAt: previous?.createdAt ?? credential.createdAt }, values);
    return previous;
  };

  const putEphemeral = async (credential: StoredCredential, { value, refreshToken }: ArrivedValues) => {
    const { credentialId, renews } = credential;
    await vaults['session-only'].write(credentialId, value);
    if (renews !== undefined && refreshToken !== undefined) {
      await vaults['session-only'].write(renews.tokenId, refreshToken);
    }
    ephemeral.set(credentialId, credential);
  };

  const refreshEphemeral = async (previous: StoredCredential, next: StoredCredential, values: ArrivedValues) => {
    trail.note('refreshed', next);
    const refreshToken = values.refreshToken ?? (await readToken(previous));
    await dropEphemeral(previous);
    await putEphemeral(next, { ...values, ...(refreshToken === undefined ? {} : { refreshToken }) });
  };

  const readToken = async ({ storage, renews }: StoredCredential) =>
    renews && (await asking(() => vaults[storage].read(renews.tokenId, renews.items)));

  const forgetEphemeral = async (credential: StoredCredential) => {
    trail.note('deleted', credential);
    await dropEphemeral(credential);
  };

  const dropEphemeral = async (credential: StoredCredential) => {
    ephemeral.delete(credential.credentialId);
    for (const { credentialId, items } of itemSets(credential)) await vaults['session-only'].erase(credentialId, items);
  };

  const forgetKept = async (credential: StoredCredential) => {
    try {
      for (const { credentialId, items } of itemSets(credential)) {
        await asking(() => vaults.keychain.erase(credentialId, items));
      }
    } catch (error) {
      // A keychain that is gone gives nothing back; the entry may go, and its items if the keychain comes again.
      if (!(error instanceof PerchError && error.code === 'KEYCHAIN_ABSENT')) throw error;
    }
    store.remove(credential, clock.now());
    if (health.state === 'absent') return;
    for (const { credentialId } of itemSets(credential)) store.forgetLeftover(credentialId);
    await sweep();
  };

  const readOne = async (entry: CredentialView): Promise<string> => {
    const credential = stored().find((other) => other.credentialId === entry.credentialId);
    const { variable, providerId } = entry;
    const unreadable = () => new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
    if (credential === undefined) throw unreadable();
    const value = await asking(() => vaults[credential.storage].read(credential.credentialId, credential.items));
    setStatus(entry.credentialId, value === undefined ? 'unreadable' : 'ok');
    if (value === undefined) throw unreadable();
    if (credential.storage === 'keychain' && isElsewhere() === undefined) setHealth(available());
    return value;
  };

  const unreadableReason = (entries: readonly CredentialView[]): WireError | undefined => {
    const problem = errorOf(health);
    if (problem !== undefined && entries.some((entry) => entry.storage === 'keychain')) return toWireError(problem);
    const broken = entries.find((entry) => entry.status === 'unreadable');
    if (broken === undefined) return undefined;
    return { code: 'CREDENTIAL_UNREADABLE', values: { variable: broken.variable, providerId: broken.providerId } };
  };

  /** As they are now: what is in a keychain that cannot be used is not readable, whatever was known of it. */
  const listNow = () => {
    const broken = errorOf(health) !== undefined;
    return list().map((entry) =>
      broken && entry.storage === 'keychain' && entry.status !== 'expired'
        ? { ...entry, status: 'unreadable' as const }
        : entry,
    );
  };

  const put = (params: Params<'credentials.set'>, renewal: RenewableParams['renewal']) =>
    inTurn(async () => {
      const input = checkInput(params, registry.get(params.providerId));
      const { storage } = params;
      const kept = { storage, items: vaults[storage].itemsFor(input.value) };
      const credential = { ...newCredential(input, kept), ...renewsWith(renewal, vaults[storage]) };
      const values = { ...input, ...(renewal === undefined ? {} : { refreshToken: renewal.refreshToken }) };
      const previous = await (storage === 'keychain' ? setInKeychain : setInMemory)(credential, values);
      statuses.set(credential.credentialId, 'ok');
      changed();
      const saved = list().find((entry) => entry.credentialId === credential.credentialId) ?? view(credential);
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
        if (await asking(() => arrivals.recover())) changed();
        const credential = stored().find((other) => other.credentialId === credentialId);
        if (credential?.renews === undefined) return undefined;
        const token = await readToken(credential);
        const { variable, providerId } = credential;
        if (token === undefined) throw new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
        return token;
      }),
    renewed: (credentialId, { expiresAt, ...values }) =>
      inTurn(async () => {
        const previous = stored().find((other) => other.credentialId === credentialId);
        if (previous?.renews === undefined) return undefined;
        const vault = vaults[previous.storage];
        const { refreshToken } = values;
        const next = withArrival(
          previous,
          {
            credentialId,
            newCredentialId: random.uuid(),
            masked: maskValue(values.value),
            items: vault.itemsFor(values.value),
            ...(expiresAt === undefined ? {} : { expiresAt }),
            tokenId: refreshToken === undefined ? previous.renews.tokenId : random.uuid(),
            tokenItems: refreshToken === undefined ? previous.renews.items : vault.itemsFor(refreshToken),
          },
          clock.now(),
        );
        if (previous.storage === 'keychain') await asking(() => arrivals.keep(previous, next, values));
        else await refreshEphemeral(previous, next, values);
        failures.delete(credentialId);
        statuses.delete(credentialId);
        statuses.set(next.credentialId, 'ok');
        changed();
        await sweep();
        return view(next);
      }),
    renewalFailed(credentialId, failure) {
      failures.set(credentialId, failure);
      if (failure.nextTryAt === undefined) store.setRefused(credentialId, failure.error);
      changed();
    },
    remove: ({ credentialId }) =>
      inTurn(async () => {
        const credential = stored().find((other) => other.credentialId === credentialId);
        if (credential === undefined) throw new PerchError('NOT_FOUND');
        const removed = view(credential);
        await (credential.storage === 'keychain' ? forgetKept : forgetEphemeral)(credential);
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
          if (credential.storage === 'keychain') store.remove(credential, clock.now());
          else await forgetEphemeral(credential);
          statuses.delete(credential.credentialId);
        }
        await sweep();
        if (all.length > 0) changed();
      }),
    removeAll: () =>
      inTurn(async () => {
        // Asked first: where the keychain gives nothing up now, nothing goes. One that is gone gives nothing back.
        const kept = store.list().length + store.leftovers().length;
        const found: KeychainHealth = kept > 0 ? await keychain.check() : health;
        const problem = kept > 0 && found.state !== 'absent' ? errorOf(found) : undefined;
        if (problem !== undefined) throw problem;
        for (const credential of stored()) {
          if (credential.storage === 'keychain') store.remove(credential, clock.now());
          else await forgetEphemeral(credential);
        }
        statuses.clear();
        changed();
        await sweep();
        if (store.leftovers().length > 0 && found.state !== 'absent')
          throw errorOf(health) ?? new PerchError('KEYCHAIN_FAILED');
      }),
    leftovers: () => store.leftovers().length,
    inReach: (request) => chosenOf(listNow().map(asIfRenewed), request) ?? [],
    resolve(request) {
      const { accepted } = request;
      if (accepted.length === 0) return { state: 'not-needed' };
      const entries = chosenOf(listNow(), request);
      if (entries === undefined) return { state: 'missing', accepted: accepted.map((alternative) => [...alternative]) };
      if (entries.some(({ status }) => status === 'expired')) return { state: 'expired', entries };
      const error = unreadableReason(entries);
      return error === undefined ? { state: 'resolved', entries } : { state: 'unreadable', entries, error };
    },
    async readValues({ entries }) {
      const values = new Map<string, string>();
      for (const entry of entries) values.set(entry.variable, await readOne(entry));
      return values;
    },
    health: () => health,
    checkHealth: () =>
      inTurn(async () => {
        const previous = isElsewhere();
        const found = await keychain.check();
        if (found.state === 'available' && previous !== undefined) {
          setHealth({ state: 'changed', previous, current: keychain.store });
        } else setHealth(found);
        if (found.state === 'available') {
          // What was unreadable may have been so because of the keychain: not known again.
          for (const [id, status] of statuses) if (status === 'unreadable') statuses.delete(id);
          await asking(() => arrivals.recover());
          changed();
          await sweep();
        }
        return health;
      }),
    dispose: () =>
      inTurn(async () => {
        disposed = true;
        alarm.set(undefined);
        for (const credential of [...ephemeral.values()]) await forgetEphemeral(credential);
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  function newCredential(input: CheckedInput, kept: Pick<StoredCredential, 'storage' | 'items'>): StoredCredential {
    const { providerId, variable, scope, account, expiresAt, value } = input;
    const now = clock.now();
    const masked = maskValue(value);
    return {
      credentialId: random.uuid(),
      providerId,
      variable,
      scope,
      ...(account === undefined ? {} : { account }),
      ...kept,
      masked,
      createdAt: now,
      updatedAt: now,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }

  function renewsWith(renewal: RenewableParams['renewal'], vault: Vault): Pick<StoredCredential, 'renews'> {
    if (renewal === undefined) return {};
    const { refreshToken, ...rest } = renewal;
    return { renews: { tokenId: random.uuid(), items: vault.itemsFor(refreshToken), ...rest } };
  }
}

/** The one way from what is there to what a session gets. */
function chosenOf(
  credentials: readonly CredentialView[],
  { providerId, agentId, projectDir, account: chosen, accepted }: CredentialRequest,
): CredentialView[] | undefined {
  const place = { agentId, projectDir: resolvePath(projectDir), providerId };
  const account = chosen ?? accountInEffect(credentials, { ...place, variables: accepted.flat() });
  return firstComplete(accepted, (variable) => inEffect(credentials, { ...place, account, variable }));
}

function asIfRenewed(credential: CredentialView): CredentialView {
  const renews = credential.renewal !== undefined && !isOver(credential);
  return renews && credential.status === 'expired' ? { ...credential, status: 'not-checked' } : credential;
}

function contextOf(scope: Scope): { agentId?: string; projectDir?: string } {
  if (scope.kind === 'agent') return { agentId: scope.agentId };
  return scope.kind === 'project' ? { projectDir: scope.projectDir } : {};
}

function samePlace(a: StoredCredential, b: StoredCredential): boolean {
  return (
    a.providerId === b.providerId &&
    a.variable === b.variable &&
    a.account === b.account &&
    JSON.stringify(a.scope) === JSON.stringify(b.scope)
  );
}

/** One at a time, in order: a sweep must not meet items that are just being written. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
