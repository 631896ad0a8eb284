import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { AgentLogin } from './schema.ts';

/** Where the user's own programs keep things: the home directory, and the environment that their terminals have. */
export interface UserPlaces {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * True when the agent's own program has a login outside of Perch. The file is never opened: its tokens are not
 * Perch's.
 */
export function hasLoginElsewhere({ elsewhere }: Pick<AgentLogin, 'elsewhere'>, places: UserPlaces): boolean {
  return elsewhere.some(({ variable, folder, file }) => {
    const chosen = variable === undefined ? undefined : places.environment[variable];
    const directory = chosen !== undefined && isAbsolute(chosen) ? chosen : join(places.home, folder);
    return isFile(join(directory, file));
  });
}

/** The variables that say where a login is. */
export function folderVariables(logins: readonly (Pick<AgentLogin, 'elsewhere'> | undefined)[]): ReadonlySet<string> {
  return new Set(logins.flatMap((login) => (login?.elsewhere ?? []).flatMap(({ variable }) => variable ?? [])));
}

/** A file that cannot be looked at does not count as there. */
function isFile(path: string): boolean {
  try {
    const about = statSync(path);
    return about.isFile() && about.size > 0;
  } catch {
    return false;
  }
}
