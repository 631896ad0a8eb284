import { AsyncEntry, findCredentialsAsync } from '@napi-rs/keyring';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import type { Keychain } from '../ports.ts';
import { busAnswers } from './bus-answers.ts';
import { explainKeyringError, healthOf } from './keyring-error.ts';
import { retryPassingErrors } from './retry-passing-errors.ts';

const STORE_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Keychain',
  win32: 'Credential Manager',
  linux: 'Secret Service',
};

/** Perch's own item, written and deleted by `check`. */
const CANARY = 'health-check';

interface KeyringOptions {
  readonly platform?: NodeJS.Platform;
  /** The environment in which the native part looks for the bus: always that of this process, except in tests. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The store has this long to show a sign of life. */
  readonly storeTimeoutMs?: number;
  /** A call may be waiting for a person who types the keychain's password. */
  readonly callTimeoutMs?: number;
}

/**
 * The operating system's secret store. On Linux pinned to the Secret Service: left to itself the library falls back to
 * the kernel's keyring without a word, and that forgets everything at reboot. Only the asynchronous interface: the
 * other one blocks the process while the store asks the user.
 */
export function createKeyringKeychain(installationId: string, options: KeyringOptions = {}): Keychain {
  const { platform = process.platform, environment = process.env } = options;
  const { storeTimeoutMs = 10_000, callTimeoutMs = 60_000 } = options;
  const service = `perch:${installationId}`;
  const store = STORE_NAMES[platform] ?? platform;
  const canPrompt = platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);

  const call = async <T>(account: string, action: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    try {
      if (platform === 'linux' && !(await busAnswers(environment.DBUS_SESSION_BUS_ADDRESS, storeTimeoutMs))) {
        throw new PerchError('KEYCHAIN_FAILED', {}, { cause: new Error('the session bus does not answer') });
      }
      const tried = retryPassingErrors(async () =>
        action(new AsyncEntry(service, account, { linux: { store: 'secret-service' } })),
      );
      return await withLimit(tried, callTimeoutMs);
    } catch (error) {
      throw explainKeyringError(error, { canPrompt });
    }
  };

  const tryOut = async () => {
    await call(CANARY, (entry) => entry.setPassword('perch'));
    await call(CANARY, (entry) => entry.deleteCredential());
  };

  return {
    store,
    get: (account) => call(account, (entry) => entry.getPassword()),
    set: (account, value) => call(account, (entry) => entry.setPassword(value)),
    delete: (account) => call(account, (entry) => entry.deleteCredential()),
    /**
     * The library's search takes no store, and would look into the kernel's keyring where the Secret Service is not
     * there: that it is, is tried out first. The values come along, and are dropped here.
     */
    async list() {
      await tryOut();
      const found = await call(CANARY, () => findCredentialsAsync(service));
      return found.map(({ account }) => account);
    },
    /**
     * Writes and deletes an item of its own: reading one that is not there succeeds even when the store is locked or
     * keeps no collection at all.
     */
    async check(): Promise<KeychainHealth> {
      try {
        await tryOut();
        return { state: 'available', store };
      } catch (error) {
        const health = healthOf(error);
        if (health === undefined) throw error;
        return health;
      }
    },
  };
}

async function withLimit<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new PerchError('KEYCHAIN_FAILED', {}, { cause: new Error('no answer') })),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
