import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PerchError, toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import { realOrSame } from '../../node/paths.ts';
import { folderProblem, refuseTooWide } from './directory.ts';
import type { OwnPlaces } from './width.ts';

/** At most so many folders are proposed, and so many entries of a folder looked at. */
const MAX_PROPOSED = 12;
const MAX_ENTRIES = 5_000;

export interface TypedFolder {
  /** The absolute path that was meant; null where nothing was typed. */
  readonly directory: string | null;
  /** Why a turn cannot work there. */
  readonly problem?: WireError;
  /** Folders that the text may become, by name. */
  readonly completions: readonly string[];
}

/**
 * The absolute path that a person means: `~`, a relative path, quotes around it, `file:///…` and blanks at its ends are
 * understood as a shell or a file manager has them.
 */
export function expandFolder(typed: string, { homeDir, base }: { homeDir: string; base: string }): string {
  let text = typed.trim();
  const quote = text[0];
  if ((quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote)) text = text.slice(1, -1);
  if (/^file:\/\//i.test(text)) text = pathOfUrl(text);
  if (text === '~' || text.startsWith('~/') || text.startsWith(`~${sep}`)) text = join(homeDir, text.slice(1));
  return resolve(base, text);
}

/** The meaning of a typed working directory, its problem, and which folders it may become. */
export async function lookAtTyped(
  { typed, sandboxed }: { typed: string; sandboxed: boolean },
  places: OwnPlaces,
): Promise<TypedFolder> {
  const { homeDir } = places;
  if (typed.trim() === '') return { directory: null, completions: [] };
  const directory = expandFolder(typed, { homeDir, base: homeDir });
  const endsOpen = /[\\/]["']?\s*$/.test(typed) || /^\s*~\s*$/.test(typed);
  const completions = await foldersBelow(
    endsOpen ? directory : dirname(directory),
    endsOpen ? '' : basename(directory),
  );
  const problem = problemOf(directory, sandboxed ? places : undefined);
  return {
    directory,
    ...(problem === undefined ? {} : { problem: toWireError(problem) }),
    completions: completions.filter((one) => one !== directory),
  };
}

/** @param places absent: the width of the folder does not matter */
function problemOf(directory: string, places: OwnPlaces | undefined): PerchError | undefined {
  const problem = folderProblem(directory);
  if (problem !== undefined || places === undefined) return problem;
  try {
    refuseTooWide(realOrSame(directory), places);
    return undefined;
  } catch (error) {
    if (error instanceof PerchError) return error;
    throw error;
  }
}

/** Hidden ones only where the name begins with a dot. A folder that cannot be read has none to propose. */
async function foldersBelow(folder: string, start: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const lower = start.toLowerCase();
  const fitting = entries
    .slice(0, MAX_ENTRIES)
    .filter(({ name }) => name.toLowerCase().startsWith(lower) && (start.startsWith('.') || !name.startsWith('.')))
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .sort((one, other) => one.name.localeCompare(other.name));
  const found: string[] = [];
  for (const entry of fitting) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() || (await leadsToFolder(path))) found.push(path);
    if (found.length === MAX_PROPOSED) break;
  }
  return found;
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** An address that names no file of this machine stays as it is: no such folder will be found. */
function pathOfUrl(text: string): string {
  try {
    const path = fileURLToPath(text);
    return isAbsolute(path) ? path : text;
  } catch {
    return text;
  }
}
