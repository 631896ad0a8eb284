import { delimiter, isAbsolute, join } from 'node:path';
import { isFile, resolved } from '../../../node/look.ts';
import { contains } from '../../../node/paths.ts';

/** A program of the user's on a PATH, as a real path; never one below the folder that it is wanted for. */
export async function findProgram(
  name: string,
  { path, projectDir }: { path: string; projectDir: string },
): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const file = await resolved(join(folder, name));
    if (file !== undefined && !contains(projectDir, file) && (await isFile(file))) return file;
  }
  return undefined;
}
