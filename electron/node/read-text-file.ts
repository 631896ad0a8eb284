import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Bytes of a file that is read; more than a person writes by hand. */
const MAX_BYTES = 256 * 1024;

export type TextFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string; readonly stamp: string }
  /** The file exists, and its content is unknown. */
  | {
      readonly kind: 'unreadable';
      readonly reason: 'too-large' | 'not-a-file' | 'not-readable';
      readonly stamp: string;
    };

/** Reads a small file of a project; whatever else stands under its name is not waited for. */
export function readTextFile(path: string): TextFile {
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

export function isAbsent(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
