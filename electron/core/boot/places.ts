import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export const BOOT_LOG = 'boot.log';

/**
 * Where the boot log is kept: in the data directory; where that takes nothing, where the system keeps an application's
 * logs. In that order.
 */
export function bootLogFolders(options: {
  dataDir: string;
  environment: Environment;
  platform?: NodeJS.Platform;
  home?: string;
}): readonly [string, string] {
  const { dataDir, environment, platform = process.platform, home = homedir() } = options;
  const { XDG_STATE_HOME, LOCALAPPDATA } = environment;
  if (platform === 'darwin') return [dataDir, join(home, 'Library', 'Logs', 'Perch')];
  if (platform === 'win32') return [dataDir, join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Perch', 'Logs')];
  // A relative path in it is invalid and to be ignored (XDG Base Directory Specification).
  const stateHome = XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(home, '.local', 'state');
  return [dataDir, join(stateHome, 'perch')];
}
