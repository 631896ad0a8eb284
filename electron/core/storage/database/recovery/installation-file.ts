import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The form of an id that a host's `random.uuid` makes. */
export const installationIdSchema = z.string().regex(/^[\w-]{1,64}$/);

/**
 * The installation's id beside its database. The database decides; should it be damaged, this file still leads to the
 * items in the keychain.
 */
const fileBeside = (database: string) => join(dirname(database), 'installation');

export function readInstallationFile(database: string): string | undefined {
  try {
    return installationIdSchema.safeParse(readFileSync(fileBeside(database), 'utf8').trim()).data;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all. @throws the file system's error */
export function writeInstallationFile(database: string, id: string): void {
  if (readInstallationFile(database) === id) return;
  const file = fileBeside(database);
  writeFileSync(`${file}.new`, `${id}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
