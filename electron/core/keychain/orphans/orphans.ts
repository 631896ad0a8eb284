import { isAbsolute } from 'node:path';
import type { Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { KeychainFactory } from '../../ports.ts';
import { type Life, lifeOf } from './living.ts';
import { INSTALLATIONS } from './record.ts';

export interface Orphans {
  /** Asks the keychain, and looks into the data directories. @throws PerchError KEYCHAIN_* */
  list(): Promise<Result<'keychain.orphans'>>;
  /**
   * Each is looked at again first: one that lives, or that cannot be checked, keeps its items.
   * @throws PerchError NOT_FOUND before anything goes, KEYCHAIN_* (what is left is found again by the next try)
   */
  remove(installationIds: readonly string[]): Promise<Result<'keychain.removeOrphans'>>;
}

/** Keychain items of installations that are gone. Items of this installation are never among them. */
export function createOrphans(options: { keychain: KeychainFactory; installationId: string }): Orphans {
  const { keychain, installationId: own } = options;
  const record = keychain(INSTALLATIONS);

  const lookAt = async (installationId: string): Promise<{ dataDir: string; life: Life }> => {
    const dataDir = await record.get(installationId);
    if (dataDir === null) throw new PerchError('NOT_FOUND');
    const life: Life = isAbsolute(dataDir)
      ? await lifeOf(installationId, dataDir)
      : { state: 'unknown', reason: 'EINVAL' };
    return { dataDir, life };
  };

  return {
    async list() {
      const found: Result<'keychain.orphans'> = { orphans: [], unchecked: [] };
      for (const installationId of await record.list()) {
        if (installationId === own) continue;
        const { dataDir, life } = await lookAt(installationId);
        if (life.state === 'unknown') found.unchecked.push({ installationId, dataDir, reason: life.reason });
        if (life.state !== 'gone') continue;
        const items = (await keychain(installationId).list()).length;
        found.orphans.push({ installationId, dataDir, items });
      }
      return found;
    },
    async remove(installationIds) {
      for (const installationId of installationIds) {
        const isGone = installationId !== own && (await lookAt(installationId)).life.state === 'gone';
        if (!isGone) throw new PerchError('NOT_FOUND');
      }
      let items = 0;
      for (const installationId of installationIds) {
        const theirs = keychain(installationId);
        for (const account of await theirs.list()) if (await theirs.delete(account)) items++;
        // Last: while it stands, what could not be deleted can be found.
        await record.delete(installationId);
      }
      return { items };
    },
  };
}
