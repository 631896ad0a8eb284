import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where Perch's own files are: `PERCH_DATA_DIR`, else where the system keeps an application's data. */
export function dataDirectory(options: {
  environment: Environment;
  platform?: NodeJS.Platform;
  home?: string;
}): string {
  const { environment, platform = process.platform, home = homedir() } = options;
  const { PERCH_DATA_DIR, XDG_DATA_HOME, APPDATA } = environment;
  if (PERCH_DATA_DIR) return resolve(PERCH_DATA_DIR);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Perch');
  if (platform === 'win32') return join(APPDATA || join(home, 'AppData', 'Roaming'), 'Perch');
  // A relative path in it is invalid and to be ignored (XDG Base Directory Specification).
  const dataHome = XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(home, '.local', 'share');
  return join(dataHome, 'perch');
}
