import type { Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { NetworkView } from '../../../shared/model/network.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { createVault } from '../keychain/vault.ts';
import type { Keychain } from '../ports.ts';
import type { StoredProxy } from './network-store.ts';

/** Names the item of the keychain. There is one proxy. */
const PASSWORD = 'own-proxy-password';

/** A password that the login shell said, and whose it is. */
export interface DetectedPassword {
  readonly url: string;
  readonly userName: string | undefined;
  readonly password: string;
}

type SetProxy = Params<'network.setProxy'>;

/** The password of the one proxy: in the keychain, or in memory until Perch ends. */
export function createProxyPassword(options: {
  keychain: Keychain;
  /** Masks a value in all that Perch writes; returns the way to take that back. */
  mask: (value: string) => () => void;
}) {
  const vaults = { keychain: createVault(options.keychain), 'session-only': createVault(createMemoryKeychain()) };
  let inMemory = false;
  let detected: DetectedPassword | undefined;
  let unmask: () => void = () => {};

  const masked = (password: string, userName: string): string => {
    unmask();
    const basic = Buffer.from(`${userName}:${password}`).toString('base64');
    const all = [options.mask(password), options.mask(basic)];
    unmask = () => {
      for (const one of all) one();
    };
    return basic;
  };

  const placeOf = ({ passwordItems }: StoredProxy): NonNullable<NetworkView['proxy']>['password'] => {
    if (inMemory) return 'session-only';
    return passwordItems > 0 ? 'keychain' : 'none';
  };

  async function read(proxy: StoredProxy): Promise<string | undefined> {
    const place = placeOf(proxy);
    if (place === 'none') return undefined;
    const value = await vaults[place].read(PASSWORD, place === 'keychain' ? proxy.passwordItems : 1);
    if (value === undefined) throw new PerchError('PROXY_PASSWORD_GONE');
    return value;
  }

  /** @throws PerchError KEYCHAIN_* */
  async function forget(before: StoredProxy | undefined): Promise<void> {
    if (before !== undefined && before.passwordItems > 0) await vaults.keychain.erase(PASSWORD, before.passwordItems);
    await vaults['session-only'].erase(PASSWORD, 1);
    inMemory = false;
    unmask();
  }

  return {
    placeOf,
    forget,
    /** Remembers the answer of this machine's own shell, for the next `choose`. */
    remember(found: DetectedPassword | undefined): void {
      detected = found;
    },
    /**
     * The `Proxy-Authorization` of a request, masked from now on; undefined for a proxy without a user name.
     * @throws PerchError PROXY_PASSWORD_GONE, KEYCHAIN_*
     */
    async authorization(proxy: StoredProxy): Promise<string | undefined> {
      const password = await read(proxy);
      return proxy.userName === undefined ? undefined : `Basic ${masked(password ?? '', proxy.userName)}`;
    },
    /** The password to be kept from now on. @throws PerchError PROXY_PASSWORD_GONE, KEYCHAIN_* */
    async choose(
      given: SetProxy['password'],
      before: StoredProxy | undefined,
      { url, userName }: { url: string; userName: string },
    ): Promise<string | undefined> {
      if (given.from === 'none') return undefined;
      if (given.from === 'typed') return given.value;
      // Each password belongs to one address and one user name, and no other server gets it.
      const isFor = (other: { url: string; userName: string | undefined } | undefined) =>
        other?.url === url && other.userName === userName;
      if (given.from === 'detected' && isFor(detected)) return detected?.password;
      if (given.from === 'kept' && before !== undefined && isFor(before)) return await read(before);
      throw new PerchError('PROXY_PASSWORD_GONE');
    },
    /** Puts a password in the place of the former one, or none; answers its items in the keychain. @throws PerchError KEYCHAIN_* */
    async replace(
      password: string | undefined,
      storage: SetProxy['storage'],
      before: StoredProxy | undefined,
    ): Promise<number> {
      const vault = vaults[storage];
      const items = password === undefined ? 0 : vault.itemsFor(password);
      // Written over the former one, so that after a keychain that fails the former is still there.
      if (password !== undefined) await vault.write(PASSWORD, password);
      else await forget(before);
      if (password !== undefined && storage === 'session-only' && (before?.passwordItems ?? 0) > 0) {
        await vaults.keychain.erase(PASSWORD, before?.passwordItems ?? 0);
      }
      inMemory = password !== undefined && storage === 'session-only';
      detected = undefined;
      return inMemory ? 0 : items;
    },
  };
}
