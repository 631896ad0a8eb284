import type { Params } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../shared/listeners.ts';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import type { NetworkView } from '../../../shared/model/network.ts';
import type { Clock } from '../../node/clock.ts';
import type { Keychain } from '../ports.ts';
import type { Database } from '../storage/database/database.ts';
import { parseExceptions, parseProxyAddress } from './address.ts';
import { type CertificateFiles, readCertificates, writeCertificateFiles } from './certificates.ts';
import { isDirect } from './direct.ts';
import { createNetworkStore, type StoredProxy } from './network-store.ts';
import { createProxyPassword, type DetectedPassword } from './proxy-password.ts';

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
  const password = createProxyPassword(options);
  const listeners = createListeners();

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
      ...(proxy === undefined ? {} : { proxy: proxyView(proxy, password.placeOf(proxy)) }),
      ...(file === undefined ? {} : { certificates: certificatesView(file) }),
    };
  };
  const changed = (): NetworkView => {
    listeners.notify();
    return view();
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
    const chosen =
      userName === undefined ? undefined : await password.choose(params.password, before, { url, userName });
    const passwordItems = await password.replace(chosen, params.storage, before);
    store.setProxy({ url, userName, passwordItems, exceptions, setAt: clock.now() });
    return changed();
  }

  async function upstream(): Promise<UpstreamProxy | undefined> {
    const proxy = store.proxy();
    if (proxy === undefined) return undefined;
    const { protocol, host, port } = parseProxyAddress(proxy.url);
    const authorization = await password.authorization(proxy);
    const pem = certificates()?.pem;
    return {
      ...{ protocol, host, port, exceptions: [...proxy.exceptions] },
      ...defined({ authorization, certificates: pem }),
    };
  }

  return {
    view,
    setProxy,
    async removeProxy() {
      await password.forget(store.proxy());
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
    remember: password.remember,
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
