import type { Params } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { addressKind } from '../../../shared/egress/address.ts';
import { compileExceptions } from '../../../shared/egress/exceptions.ts';
import { canonicalHost } from '../../../shared/egress/host-name.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../shared/listeners.ts';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import type { NetworkView } from '../../../shared/model/network.ts';
import type { Clock } from '../../node/clock.ts';
import { parseHost } from '../../node/parse-host.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { createVault } from '../keychain/vault.ts';
import type { Keychain } from '../ports.ts';
import type { Database } from '../storage/database/database.ts';
import { parseExceptions, parseProxyAddress } from './address.ts';
import { type CertificateFiles, readCertificates, writeCertificateFiles } from './certificates.ts';
import { createNetworkStore, type StoredProxy } from './store.ts';

/** How a request of Perch's own leaves. */
interface Route {
  readonly proxy: UpstreamProxy | undefined;
  /** PEM, trusted beside the system's. */
  readonly certificates: string | undefined;
}

/** The public part of the network's configuration, for the plan of a session. */
export interface NetworkOfSessions {
  readonly certificates: CertificateFiles | undefined;
  readonly proxy: Pick<StoredProxy, 'url' | 'userName' | 'exceptions' | 'setAt'> | undefined;
}

export interface NetworkService {
  view(): NetworkView;
  /** After an error everything is as it was. @throws PerchError as the contract says */
  setProxy(params: Params<'network.setProxy'>): Promise<NetworkView>;
  /** @throws PerchError KEYCHAIN_* */
  removeProxy(): Promise<NetworkView>;
  /** @throws PerchError CA_FILE_UNREADABLE, CA_FILE_INVALID */
  setCertificates(params: Params<'network.setCertificates'>): NetworkView;
  removeCertificates(): NetworkView;
  /** Remembers the answer of this machine's own shell; its password is `detected` for the next `setProxy`. */
  remember(found: DetectedPassword | undefined): void;
  /**
   * The proxy with its password, for a session that is being started. Undefined: there is none.
   * @throws PerchError PROXY_PASSWORD_GONE, CA_FILE_*, KEYCHAIN_*
   */
  upstream(): Promise<UpstreamProxy | undefined>;
  /** @throws PerchError CA_FILE_* */
  ofSessions(): NetworkOfSessions;
  /** @throws PerchError as `upstream` */
  routeTo(url: URL): Promise<Route>;
  onChange(listener: () => void): () => void;
}

/** A password that the login shell said, and whose it is. */
interface DetectedPassword {
  readonly url: string;
  readonly userName: string | undefined;
  readonly password: string;
}

/** Names the item of the keychain. There is one proxy. */
const PASSWORD = 'own-proxy-password';

export function createNetworkService(options: {
  database: Pick<Database, 'sql'>;
  keychain: Keychain;
  clock: Pick<Clock, 'now'>;
  /** Masks a value in all that Perch writes; returns the way to take that back. */
  mask: (value: string) => () => void;
  /** Where the files that sessions are shown are written. */
  folder: string;
}): NetworkService {
  const { clock, folder } = options;
  const store = createNetworkStore(options.database);
  const vaults = { keychain: createVault(options.keychain), 'session-only': createVault(createMemoryKeychain()) };
  const listeners = createListeners();
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
  const placeOf = ({ passwordItems }: StoredProxy) => {
    if (inMemory) return 'session-only' as const;
    return passwordItems > 0 ? ('keychain' as const) : ('none' as const);
  };
  const passwordOf = async (proxy: StoredProxy): Promise<string | undefined> => {
    const place = placeOf(proxy);
    if (place === 'none') return undefined;
    const value = await vaults[place].read(PASSWORD, place === 'keychain' ? proxy.passwordItems : 1);
    if (value === undefined) throw new PerchError('PROXY_PASSWORD_GONE');
    return value;
  };
  const certificates = () => {
    const file = store.certificateFile();
    return file === undefined ? undefined : readCertificates(file);
  };
  const certificatesView = (file: string): NonNullable<NetworkView['certificates']> => {
    try {
      return { file, found: [...readCertificates(file).found] };
    } catch (error) {
      return { file, found: [], problem: toWireError(error) };
    }
  };
  const view = (): NetworkView => {
    const proxy = store.proxy();
    const file = store.certificateFile();
    return {
      ...(proxy === undefined ? {} : { proxy: proxyView(proxy, placeOf(proxy)) }),
      ...(file === undefined ? {} : { certificates: certificatesView(file) }),
    };
  };
  const changed = (): NetworkView => {
    listeners.notify();
    return view();
  };
  const forgetPassword = async (before: StoredProxy | undefined): Promise<void> => {
    if (before !== undefined && before.passwordItems > 0) await vaults.keychain.erase(PASSWORD, before.passwordItems);
    await vaults['session-only'].erase(PASSWORD, 1);
    inMemory = false;
    unmask();
  };
  /** The one to be kept from now on. */
  const newPassword = async (
    given: Params<'network.setProxy'>['password'],
    before: StoredProxy | undefined,
    { url, userName }: { url: string; userName: string },
  ): Promise<string | undefined> => {
    if (given.from === 'none') return undefined;
    if (given.from === 'typed') return given.value;
    // Each password belongs to one address and one user name, and no other server gets it.
    const isFor = (other: { url: string; userName: string | undefined } | undefined) =>
      other?.url === url && other.userName === userName;
    if (given.from === 'detected' && isFor(detected)) return detected?.password;
    if (given.from === 'kept' && before !== undefined && isFor(before)) return await passwordOf(before);
    throw new PerchError('PROXY_PASSWORD_GONE');
  };

  async function setProxy(params: Params<'network.setProxy'>): Promise<NetworkView> {
    const { url, userName: inAddress, password: alsoInAddress } = parseProxyAddress(params.url);
    // The password was typed in a field that other people can read: it belongs in its own field.
    if (alsoInAddress !== undefined) throw new PerchError('PROXY_ADDRESS_INVALID', { address: url });
    const exceptions = parseExceptions(params.exceptions);
    const userName = params.userName?.trim() || inAddress;
    if (userName === undefined && params.password.from === 'typed') {
      throw new PerchError('INVALID_PARAMS', { where: 'a password without a user name' });
    }
    const before = store.proxy();
    const password = userName === undefined ? undefined : await newPassword(params.password, before, { url, userName });
    const vault = vaults[params.storage];
    const items = password === undefined ? 0 : vault.itemsFor(password);
    // Written over the former one, so that after a keychain that fails the former is still there.
    if (password !== undefined) await vault.write(PASSWORD, password);
    else await forgetPassword(before);
    if (password !== undefined && params.storage === 'session-only' && (before?.passwordItems ?? 0) > 0) {
      await vaults.keychain.erase(PASSWORD, before?.passwordItems ?? 0);
    }
    inMemory = password !== undefined && params.storage === 'session-only';
    detected = undefined;
    store.setProxy({ url, userName, passwordItems: inMemory ? 0 : items, exceptions, setAt: clock.now() });
    return changed();
  }

  async function upstream(): Promise<UpstreamProxy | undefined> {
    const proxy = store.proxy();
    if (proxy === undefined) return undefined;
    const { protocol, host, port } = parseProxyAddress(proxy.url);
    const password = await passwordOf(proxy);
    const pem = certificates()?.pem;
    const authorization = proxy.userName === undefined ? undefined : `Basic ${masked(password ?? '', proxy.userName)}`;
    return {
      ...{ protocol, host, port, exceptions: [...proxy.exceptions] },
      ...defined({ authorization, certificates: pem }),
    };
  }

  return {
    view,
    setProxy,
    async removeProxy() {
      await forgetPassword(store.proxy());
      store.removeProxy();
      return changed();
    },
    setCertificates({ file }) {
      readCertificates(file);
      store.setCertificateFile(file);
      return changed();
    },
    removeCertificates() {
      store.removeCertificateFile();
      return changed();
    },
    remember(found) {
      detected = found;
    },
    upstream,
    ofSessions() {
      const pem = certificates()?.pem;
      return {
        certificates: pem === undefined ? undefined : writeCertificateFiles(folder, pem),
        proxy: store.proxy(),
      };
    },
    async routeTo(url) {
      const proxy = store.proxy();
      const goesThere = proxy !== undefined && !isDirect(url, proxy.exceptions);
      return { proxy: goesThere ? await upstream() : undefined, certificates: certificates()?.pem };
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function proxyView(
  { url, userName, exceptions }: StoredProxy,
  password: NonNullable<NetworkView['proxy']>['password'],
): NonNullable<NetworkView['proxy']> {
  return { url, ...defined({ userName }), password, exceptions: [...exceptions] };
}

/** True for addresses on this machine, which no proxy can reach. */
function isDirect({ hostname, port, protocol }: URL, exceptions: readonly string[]): boolean {
  const host = canonicalHost(hostname, parseHost);
  if (host === undefined) return false;
  const isHere = host.kind === 'name' ? host.name === 'localhost' : addressKind(host.address) === 'loopback';
  const number = port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
  return isHere || compileExceptions(exceptions, parseHost)(host, number);
}
