import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DECLARATION_FILE } from '../../../shared/model/declaration.ts';

/** Bytes of a file that is read; nobody writes as much by hand. */
const MAX_BYTES = 256 * 1024;

export type FolderFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string; readonly stamp: string }
  /** It is there, and nobody knows what it says. */
  | {
      readonly kind: 'unreadable';
      readonly reason: 'too-large' | 'not-a-file' | 'not-readable';
      readonly stamp: string;
    };

/** Reads the folder's file, again only when it was touched meanwhile. */
export function createFolderFiles(): (directory: string) => FolderFile {
  const known = new Map<string, { readonly touched: string; readonly file: FolderFile }>();
  return (directory) => {
    const path = join(directory, DECLARATION_FILE);
    const touched = touchedAt(path);
    if (touched === undefined) {
      known.delete(directory);
      return { kind: 'absent' };
    }
    const before = known.get(directory);
    if (before?.touched === touched) return before.file;
    const file = readFile(path);
    known.set(directory, { touched, file });
    return file;
  };
}

function touchedAt(path: string): string | undefined {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch (error) {
    return isAbsent(error) ? undefined : 'unknown';
  }
}

function readFile(path: string): FolderFile {
  let descriptor: number | undefined;
  try {
    // A pipe in its place must not be waited for.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { kind: 'unreadable', reason: 'not-a-file', stamp: 'not-a-file' };
    if (stat.size > MAX_BYTES) return { kind: 'unreadable', reason: 'too-large', stamp: 'too-large' };
    const text = readFileSync(descriptor, 'utf8');
    return { kind: 'text', text, stamp: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    if (isAbsent(error)) return { kind: 'absent' };
    return { kind: 'unreadable', reason: 'not-readable', stamp: 'not-readable' };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
