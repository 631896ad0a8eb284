import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureDirectory } from '../../node/ensure-directory.ts';

/** Bytes of a boot log. The oldest lines go first. */
const MAX_BOOT_LOG_BYTES = 64 * 1024;

/** The lines of a small file; none where there is no file. @throws the file system's error */
export function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/**
 * Writes the newest lines that fit, all of them or none, readable by this user alone. @throws the file system's error
 */
export function writeLines(file: string, lines: readonly string[]): void {
  if (lines.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  ensureDirectory(dirname(file));
  const aside = `${file}.${process.pid}`;
  try {
    // Made anew, so that neither a link that lies there nor its mode matters.
    rmSync(aside, { force: true });
    const fd = openSync(aside, 'wx', 0o600);
    try {
      writeFileSync(fd, newest(lines));
    } finally {
      closeSync(fd);
    }
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function newest(lines: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines.toReversed()) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > MAX_BOOT_LOG_BYTES) break;
    kept.unshift(`${line}\n`);
  }
  return kept.join('');
}
