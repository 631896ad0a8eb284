/**
 * The variables that the runner inherits: to find the sandbox's programs, and to write in the user's language and zone.
 */
export const RUNNER_VARIABLES = {
  posix: ['HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'LOGNAME', 'PATH', 'TMPDIR', 'TZ', 'USER'],
  /** Without SystemRoot no Windows program starts; the others are where programs look for folders. */
  windows: [
    'APPDATA',
    'ComSpec',
    'LOCALAPPDATA',
    'PATH',
    'PATHEXT',
    'SystemDrive',
    'SystemRoot',
    'TEMP',
    'TMP',
    'USERNAME',
    'USERPROFILE',
  ],
} as const;

/** The runner's own environment, exactly. Agents get none of it: theirs is built from nothing. */
export function runnerEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const names = platform === 'win32' ? RUNNER_VARIABLES.windows : RUNNER_VARIABLES.posix;
  const chosen: Record<string, string> = {};
  for (const name of names) {
    const value = environment[name] ?? sameNameOnWindows(environment, name, platform);
    if (value !== undefined) chosen[name] = value;
  }
  return chosen;
}

/** A copy of Windows' environment has lost that names there differ in case alone: `Path` is `PATH`. */
function sameNameOnWindows(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  platform: NodeJS.Platform,
): string | undefined {
  if (platform !== 'win32') return undefined;
  const found = Object.keys(environment).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : environment[found];
}
