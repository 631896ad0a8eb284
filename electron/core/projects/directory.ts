import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { ensureDirectory } from '../../node/ensure-directory.ts';
import { realOrSame } from '../../node/paths.ts';
import { isTooWide, type OwnPlaces } from './width.ts';

/**
 * The real path of a working directory that an agent can work in.
 * @throws PerchError PROJECT_NOT_FOUND, PROJECT_NOT_A_DIRECTORY, PROJECT_NOT_WRITABLE
 */
export function resolveProject(projectDir: string | undefined, { scratchDir }: OwnPlaces): string {
  if (projectDir === undefined) ensureDirectory(scratchDir);
  const directory = realPath(projectDir ?? scratchDir);
  checkDirectory(directory);
  return directory;
}

function checkDirectory(directory: string): void {
  if (!statSync(directory).isDirectory()) throw new PerchError('PROJECT_NOT_A_DIRECTORY', { directory });
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new PerchError('PROJECT_NOT_WRITABLE', { directory }, { cause });
  }
}

/** Why a turn could not work in that folder, whatever its agent may do there. */
export function folderProblem(projectDir: string): PerchError | undefined {
  try {
    checkDirectory(realPath(projectDir));
    return undefined;
  } catch (error) {
    if (error instanceof PerchError) return error;
    throw error;
  }
}

/** @throws PerchError PROJECT_TOO_WIDE */
export function refuseTooWide(directory: string, places: OwnPlaces): void {
  if (isFolderTooWide(directory, places)) throw new PerchError('PROJECT_TOO_WIDE', { directory });
}

/** @param directory a real path */
export function isFolderTooWide(directory: string, { homeDir, dataDir, scratchDir }: OwnPlaces): boolean {
  const real = { homeDir: realOrSame(homeDir), dataDir: realOrSame(dataDir), scratchDir: realOrSame(scratchDir) };
  return isTooWide(directory, real);
}

function realPath(directory: string): string {
  if (!isAbsolute(directory) || directory.includes('\0')) throw new PerchError('PROJECT_NOT_FOUND', { directory });
  try {
    return realpathSync.native(directory);
  } catch (cause) {
    throw new PerchError('PROJECT_NOT_FOUND', { directory }, { cause });
  }
}
