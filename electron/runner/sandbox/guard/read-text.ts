import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { bytesOf } from '../../../node/byte-names.ts';

/** Far above what settings of git have. */
const MAX_BYTES = 1024 ** 2;

/**
 * Reads a plain file that an agent may have prepared: a pipe would make the reader wait for ever, `/dev/zero` never
 * ends. Undefined for anything else, for an unreadable file, and for one that is too large. `follow`: links are
 * followed.
 */
export function readText(path: string, { follow }: { follow: boolean }): string | undefined {
  let descriptor: number | undefined;
  try {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    descriptor = openSync(bytesOf(path), flags | (follow ? 0 : constants.O_NOFOLLOW));
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > MAX_BYTES) return undefined;
    return readUpTo(descriptor, MAX_BYTES)?.toString('utf8');
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** All that an opened file has; undefined when that is more than `maxBytes`. */
export function readUpTo(descriptor: number, maxBytes: number): Buffer | undefined {
  // Reads a byte more than is allowed, because the file may grow meanwhile.
  const bytes = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (let read = 1; read > 0 && length <= maxBytes; length += read) {
    read = readSync(descriptor, bytes, length, bytes.length - length, null);
  }
  return length > maxBytes ? undefined : bytes.subarray(0, length);
}
