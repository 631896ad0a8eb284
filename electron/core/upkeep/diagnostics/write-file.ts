import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { PerchError } from '../../../../shared/errors/perch-error.ts';

/**
 * Writes the whole file or nothing, readable by this user alone.
 * @throws PerchError DIAGNOSTICS_FILE_EXISTS, DIAGNOSTICS_NOT_WRITTEN
 */
export function writeBundle(file: string, bytes: Uint8Array, { overwrite }: { overwrite: boolean }): void {
  if (!overwrite && existsSync(file)) throw new PerchError('DIAGNOSTICS_FILE_EXISTS', { file });
  const aside = `${file}.${process.pid}.part`;
  try {
    const fd = openSync(aside, 'wx', 0o600);
    try {
      writeFileSync(fd, bytes);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, file);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') rmSync(aside, { force: true });
    throw new PerchError('DIAGNOSTICS_NOT_WRITTEN', { file, reason: code }, { cause: error });
  }
}
