import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DECLARATION_FILE } from '../../../../shared/model/declaration.ts';
import { isAbsent, readTextFile, type TextFile } from '../../../node/read-text-file.ts';

/** Reads the folder's file, again only when it was touched meanwhile. */
export function createFolderFiles(): (directory: string) => TextFile {
  const known = new Map<string, { readonly touched: string; readonly file: TextFile }>();
  return (directory) => {
    const path = join(directory, DECLARATION_FILE);
    const touched = touchedAt(path);
    if (touched === undefined) {
      known.delete(directory);
      return { kind: 'absent' };
    }
    const before = known.get(directory);
    if (before?.touched === touched) return before.file;
    const file = readTextFile(path);
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
