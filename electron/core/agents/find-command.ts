import { delimiter, isAbsolute, join } from 'node:path';
import { isFile, resolved } from '../../node/look.ts';
import type { SearchPlaces } from './find.ts';
import type { Look } from './program.ts';

/** A program that a person named: a path, or a command on PATH. Perch starts the file as it is, whatever its kind. */
export async function findCommand(
  file: string,
  { path, unsure, machine }: Pick<SearchPlaces, 'path' | 'unsure' | 'machine'>,
): Promise<Look> {
  for (const candidate of candidatesOf(file, { path, platform: machine.platform })) {
    const real = await resolved(candidate);
    if (real === undefined || !(await isFile(real))) continue;
    const program = { file: real, runBy: 'system', parts: [real], version: undefined, source: 'path' } as const;
    return { state: 'found', program, others: [] };
  }
  return unsure === undefined || isAbsolute(file) ? { state: 'missing' } : { state: 'could-not-check', reason: unsure };
}

function candidatesOf(file: string, { path = '', platform }: { path: string | undefined; platform: string }): string[] {
  if (isAbsolute(file)) return [file];
  // A path without a place that it begins at is none: the folder that Perch was started in says nothing.
  if (/[\\/]/.test(file)) return [];
  const name = platform.startsWith('win32') && !/\.\w+$/.test(file) ? `${file}.exe` : file;
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .map((dir) => join(dir, name));
}
