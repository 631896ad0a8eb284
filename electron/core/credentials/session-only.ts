import { defined } from '../../../shared/defined.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { createVault } from '../keychain/vault.ts';
import type { ArrivedValues } from './renewal/arrivals.ts';
import { itemSets, type StoredCredential } from './stored-credential.ts';
import type { CredentialTrail } from './trail.ts';

export type SessionOnly = ReturnType<typeof createSessionOnly>;

/** Credentials of this session only, values and all: in this process, and nowhere else. */
export function createSessionOnly(trail: Pick<CredentialTrail, 'note'>) {
  const vault = createVault(createMemoryKeychain());
  const held = new Map<string, StoredCredential>();

  const put = async (credential: StoredCredential, { value, refreshToken }: ArrivedValues) => {
    const { credentialId, renews } = credential;
    await vault.write(credentialId, value);
    if (renews !== undefined && refreshToken !== undefined) await vault.write(renews.tokenId, refreshToken);
    held.set(credentialId, credential);
  };
  const drop = async (credential: StoredCredential) => {
    held.delete(credential.credentialId);
    for (const { credentialId, items } of itemSets(credential)) await vault.erase(credentialId, items);
  };

  return {
    vault,
    list: (): StoredCredential[] => [...held.values()],
    async values(): Promise<string[]> {
      const sets = [...held.values()].flatMap(itemSets);
      const values = await Promise.all(sets.map(({ credentialId, items }) => vault.read(credentialId, items)));
      return values.filter((value) => value !== undefined);
    },
    /** Answers what stood in its place. */
    async set(credential: StoredCredential, values: ArrivedValues): Promise<StoredCredential | undefined> {
      const previous = [...held.values()].find((other) => isSamePlace(other, credential));
      trail.note(previous === undefined ? 'stored' : 'replaced', credential);
      if (previous !== undefined) await drop(previous);
      await put({ ...credential, createdAt: previous?.createdAt ?? credential.createdAt }, values);
      return previous;
    },
    /** Without a new refresh token the former one goes on. */
    async refresh(previous: StoredCredential, next: StoredCredential, values: ArrivedValues): Promise<void> {
      trail.note('refreshed', next);
      const { renews } = previous;
      const refreshToken = values.refreshToken ?? (renews && (await vault.read(renews.tokenId, renews.items)));
      await drop(previous);
      await put(next, { ...values, ...defined({ refreshToken }) });
    },
    async remove(credential: StoredCredential): Promise<void> {
      trail.note('deleted', credential);
      await drop(credential);
    },
  };
}

function isSamePlace(a: StoredCredential, b: StoredCredential): boolean {
  return (
    a.providerId === b.providerId &&
    a.variable === b.variable &&
    a.account === b.account &&
    JSON.stringify(a.scope) === JSON.stringify(b.scope)
  );
}
