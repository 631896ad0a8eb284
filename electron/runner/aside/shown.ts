import { isUtf8 } from 'node:buffer';
import type { ShownEntry } from '../../../shared/model/guarded-file.ts';
import type { Snapshot } from './snapshot.ts';

/** The whole of a snapshot, as text. */
export function shownOf({ entries }: Snapshot): ShownEntry[] {
  return entries.map(({ path, kind, mode, bytes }) => {
    const binary = !isUtf8(bytes);
    const text = binary ? escaped(bytes) : bytes.toString('utf8');
    const executable = kind === 'file' && (mode & 0o111) !== 0;
    return { path: path.toWellFormed(), kind, executable, bytes: bytes.length, text, binary };
  });
}

function escaped(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const isPlain = byte === 0x0a || byte === 0x09 || (byte >= 0x20 && byte < 0x7f && byte !== 0x5c);
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}
