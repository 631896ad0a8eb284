import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Keychain } from '../../ports.ts';

/** In the place of an installation's id: the items here are named by installation, and say where its data is. */
export const INSTALLATIONS = 'installations';

export interface InstallationRecord {
  /**
   * The given keychain; the installation is entered in the record before the first item of this process is
   * written.
   */
  recorded(keychain: Keychain): Keychain;
  /** @throws PerchError KEYCHAIN_* */
  write(): Promise<void>;
  /** A keychain that is gone gives nothing back, and is no error. @throws PerchError KEYCHAIN_* */
  remove(): Promise<void>;
}

/**
 * Makes it possible to find the items of an installation whose data directory is gone. The record is in the keychain
 * itself, so that it is as old, and as lost, as the items are.
 */
export function createInstallationRecord(options: {
  /** The keychain of INSTALLATIONS. */
  record: Keychain;
  installationId: string;
  dataDir: string;
}): InstallationRecord {
  const { record, installationId, dataDir } = options;
  let isWritten = false;

  const write = async () => {
    if (isWritten) return;
    if ((await record.get(installationId)) !== dataDir) await record.set(installationId, dataDir);
    isWritten = true;
  };

  return {
    recorded: (keychain) => ({
      ...keychain,
      async set(account, value) {
        await write();
        await keychain.set(account, value);
      },
    }),
    write,
    async remove() {
      isWritten = false;
      try {
        await record.delete(installationId);
      } catch (error) {
        if (!(error instanceof PerchError && error.code === 'KEYCHAIN_ABSENT')) throw error;
      }
    },
  };
}
