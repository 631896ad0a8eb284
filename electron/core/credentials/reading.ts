import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { HealthWatch } from '../keychain/health.ts';
import type { Keychain } from '../ports.ts';
import type { KeychainCredentials } from './keychain-credentials.ts';
import type { KnownCredentials } from './known-credentials.ts';
import type { ResolvedCredentials } from './resolution.ts';

/** Reads values; each read says whether the credential can be read, and whether the keychain is there. */
export function createReading(options: {
  known: Pick<KnownCredentials, 'find' | 'placeOf' | 'found'>;
  inKeychain: Pick<KeychainCredentials, 'elsewhere'>;
  keychain: Pick<Keychain, 'store'>;
  health: HealthWatch;
}) {
  const { known, inKeychain, keychain, health } = options;

  async function readOne({ credentialId, variable, providerId }: CredentialView): Promise<string> {
    const unreadable = () => new PerchError('CREDENTIAL_UNREADABLE', { variable, providerId });
    const credential = known.find(credentialId);
    if (credential === undefined) throw unreadable();
    const value = await health.asking(() => known.placeOf(credential).vault.read(credentialId, credential.items));
    known.found(credentialId, value === undefined ? 'unreadable' : 'ok');
    if (value === undefined) throw unreadable();
    const isHere = credential.storage === 'keychain' && inKeychain.elsewhere() === undefined;
    if (isHere) health.set({ state: 'available', store: keychain.store });
    return value;
  }

  /** The values of a resolution, by variable. @throws PerchError CREDENTIAL_UNREADABLE, KEYCHAIN_* */
  return async ({ entries }: ResolvedCredentials): Promise<ReadonlyMap<string, string>> => {
    const values = new Map<string, string>();
    for (const entry of entries) values.set(entry.variable, await readOne(entry));
    return values;
  };
}
