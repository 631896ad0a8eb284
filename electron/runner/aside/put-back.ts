import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { FileIdentity } from '../../../shared/model/guarded-file.ts';
import { bytesOf } from '../../node/byte-names.ts';
import { codeOf } from '../../node/error-code.ts';
import { inOpenedFolderBelow } from '../sandbox/guard/entry-mode.ts';
import { asideFailure } from './failure.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

interface PutBack {
  /** Absolute, both in the same folder below `root`. */
  readonly path: string;
  readonly aside: string;
  /** The content that the user looked at. */
  readonly identity: FileIdentity;
}

/**
 * Makes exactly what was looked at anew under its own name, then removes what lay aside. A moved file would still be the
 * one that another name of it leads to. Nothing is replaced: what cannot be done whole is undone.
 * @throws PerchError ASIDE_GONE, ASIDE_CHANGED, ASIDE_NOT_SHOWN, ASIDE_PLACE_TAKEN, ASIDE_FAILED
 */
export function putBack(root: string, { path, aside, identity }: PutBack): void {
  const found = snapshotOf(root, aside);
  if (found.identity.node !== identity.node || found.identity.hash !== identity.hash) {
    throw new PerchError('ASIDE_CHANGED');
  }
  const made: Snapshot['entries'][number][] = [];
  try {
    for (const entry of found.entries) {
      make(root, join(path, entry.path), entry);
      made.push(entry);
    }
    // A folder that may not be written to gets its mode once all is in it.
    for (const { kind, mode, path: inner } of [...made].reverse())
      if (kind === 'folder') inPlace(root, join(path, inner), (name) => chmodSync(name, mode));
  } catch (error) {
    remove(root, path, made);
    if (codeOf(error) === 'EEXIST') throw new PerchError('ASIDE_PLACE_TAKEN');
    throw asideFailure(error);
  }
  remove(root, aside, found.entries);
}

function make(root: string, path: string, { kind, mode, bytes }: Snapshot['entries'][number]): void {
  inPlace(root, path, (name) => {
    if (kind === 'folder') {
      mkdirSync(name, { mode: 0o700 });
      return;
    }
    const descriptor = openSync(name, 'wx', mode);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } catch (error) {
      unlinkSync(name);
      throw error;
    } finally {
      closeSync(descriptor);
    }
    // The user's mask does not count: the mode was looked at as well.
    chmodSync(name, mode);
  });
}

/** Only the entries that are known, the innermost first. More than these keeps its folder, and is not touched. */
function remove(root: string, path: string, entries: Snapshot['entries']): void {
  for (const { path: inner, kind } of [...entries].reverse()) {
    try {
      inPlace(root, join(path, inner), (name) => {
        if (kind === 'file') unlinkSync(name);
        else if (lstatSync(name).isDirectory()) rmdirSync(name);
      });
    } catch {
      // Both copies are there then, and the window shows that one still lies aside.
    }
  }
}

const inPlace = (root: string, path: string, use: (name: string | Buffer) => void): void =>
  inOpenedFolderBelow(root, dirname(path), (folder) => use(bytesOf(`${folder}/${basename(path)}`)));
