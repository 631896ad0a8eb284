import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { FileIdentity } from '../../../shared/model/guarded-file.ts';
import { bytesOf, textOfName } from '../../node/byte-names.ts';
import { codeOf } from '../../node/error-code.ts';
import { inFolderBelow, isGone } from '../../node/folder-below.ts';
import { nodeOf } from '../sandbox/guard/quarantine.ts';
import { readUpTo } from '../sandbox/guard/read-text.ts';

/** Bytes and entries that a person can be asked to look at. */
export const MOST = { bytes: 128 * 1024, entries: 200 };

interface SnapshotEntry {
  /** Relative; empty for the file or folder itself. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly mode: number;
  /** Empty for a folder. */
  readonly bytes: Buffer;
}

/** A file, or a folder before its entries. */
export interface Snapshot {
  readonly identity: FileIdentity;
  readonly entries: readonly SnapshotEntry[];
}

/**
 * Reads an entry below `root` without following a link anywhere.
 * @throws PerchError ASIDE_GONE, ASIDE_NOT_SHOWN (it is too large, or has a link or a device in it)
 */
export function snapshotOf(root: string, path: string): Snapshot {
  const entries: SnapshotEntry[] = [];
  let left = MOST.bytes;
  const take = (full: string, relativePath: string): BigIntStats => {
    if (entries.length >= MOST.entries) throw notShown();
    const { stat, bytes } = readEntry(root, full, left);
    left -= bytes.length;
    const kind = stat.isDirectory() ? 'folder' : 'file';
    entries.push({ path: relativePath, kind, mode: Number(stat.mode) & 0o777, bytes });
    if (kind === 'folder')
      for (const name of namesIn(root, full))
        take(join(full, name), relativePath === '' ? name : `${relativePath}/${name}`);
    return stat;
  };
  try {
    const node = nodeOf(take(path, ''));
    return { identity: { node, hash: hashOf(entries) }, entries };
  } catch (error) {
    throw explained(error);
  }
}

/** Undefined when it cannot be shown whole, or is gone by now: looking at it says which. */
export function identityAt(root: string, path: string): FileIdentity | undefined {
  try {
    return snapshotOf(root, path).identity;
  } catch {
    return undefined;
  }
}

function readEntry(root: string, path: string, most: number): { stat: BigIntStats; bytes: Buffer } {
  return inFolderBelow(root, dirname(path), (folder) => {
    const name = bytesOf(`${folder}/${basename(path)}`);
    const seen = lstatSync(name, { bigint: true });
    if (seen.isDirectory()) return { stat: seen, bytes: Buffer.alloc(0) };
    if (!seen.isFile()) throw notShown();
    // A pipe that takes its place meanwhile is not waited for.
    const descriptor = openSync(name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor, { bigint: true });
      if (!stat.isFile()) throw notShown();
      const bytes = readUpTo(descriptor, most);
      if (bytes === undefined) throw notShown();
      // A copy: the other one is as large as the limit.
      return { stat, bytes: Buffer.from(bytes) };
    } finally {
      closeSync(descriptor);
    }
  });
}

const namesIn = (root: string, folder: string): string[] =>
  inFolderBelow(root, folder, (held) => readdirSync(held, { encoding: 'buffer' }).map(textOfName).sort());

/** Every part is told with its length: no two different entries make the same sequence. */
function hashOf(entries: readonly SnapshotEntry[]): string {
  const hash = createHash('sha256');
  for (const { path, kind, mode, bytes } of entries) {
    const name = Buffer.from(bytesOf(path));
    hash.update(`${kind} ${mode} ${name.length} ${bytes.length}\n`).update(name).update(bytes);
  }
  return hash.digest('hex');
}

const notShown = (): PerchError => new PerchError('ASIDE_NOT_SHOWN');

function explained(error: unknown): unknown {
  if (error instanceof PerchError) return error;
  if (isGone(error)) return new PerchError('ASIDE_GONE');
  if (['EACCES', 'EPERM'].includes(codeOf(error))) return notShown();
  return error;
}
