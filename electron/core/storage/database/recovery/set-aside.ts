import { existsSync, renameSync } from 'node:fs';

/** SQLite's own files of a database; the log goes before the file that it belongs to. */
const PARTS = ['-wal', '-shm', ''];

/** Where a damaged database goes: beside where it was, dated in UTC. @param at milliseconds since the epoch */
export function asideName(file: string, at: number): string {
  const dated = `${file}.damaged-${new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? dated : `${dated}-${number}`;
    if (!PARTS.some((part) => existsSync(`${name}${part}`))) return name;
  }
}

/**
 * Puts a database in the place of a damaged one, which is set aside whole. Can be done again from wherever it was
 * interrupted. @throws the file system's error
 */
export function exchange(file: string, { movedTo, replacement }: { movedTo: string; replacement: string }): void {
  for (const part of PARTS) {
    if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${movedTo}${part}`);
  }
  renameSync(replacement, file);
}
