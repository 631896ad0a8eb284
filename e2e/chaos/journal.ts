import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';

/** What a client was told, written down outside Perch the moment it was told: the oracle. */
type Entry =
  | { readonly kind: 'submitted'; readonly turnId: string }
  | { readonly kind: 'event'; readonly turnId: string; readonly seq: number; readonly digest: string };

export const digestOf = (stored: StoredRunEvent): string =>
  createHash('sha256')
    .update(JSON.stringify([stored.seq, stored.at, stored.event]))
    .digest('base64url')
    .slice(0, 22);

export function note(file: string, entry: Entry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** The last line of a writer that was killed may be torn; it was not finished, so it does not count. */
export function readJournal(file: string): Entry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Entry];
      } catch {
        return [];
      }
    });
}
