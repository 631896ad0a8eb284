/** The only variables that a session takes from the host as they are: language and time. */
const LOCALE = /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;
/** Without these no program starts on Windows. */
const WINDOWS = /^(?:SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|OS)$/i;
/** Locale names and zones as the system writes them: nothing that a program would take for a path or a command. */
const PLAIN_VALUE = /^[A-Za-z0-9_.@:+/-]{1,64}$/;

export type HostEnvironment = Readonly<Record<string, string | undefined>>;

/** The short allow-list, as names and values. */
export function baseVariables(environment: HostEnvironment, platform: string): [name: string, value: string][] {
  return Object.keys(environment)
    .sort()
    .flatMap((name): [string, string][] => {
      const value = environment[name];
      if (value === undefined || value === '') return [];
      return isLocale(name, value) || (platform === 'win32' && WINDOWS.test(name)) ? [[name, value]] : [];
    });
}

function isLocale(name: string, value: string): boolean {
  return LOCALE.test(name) && PLAIN_VALUE.test(value) && !value.startsWith('/') && !value.includes('..');
}

/** Where programs are, made by Perch: system folders only, none that the user or a project can write to. */
export function sessionPath(environment: HostEnvironment, platform: string): string {
  if (platform === 'win32') {
    const root = environment.SystemRoot ?? environment.SYSTEMROOT ?? 'C:\\Windows';
    return [`${root}\\System32`, root, `${root}\\System32\\WindowsPowerShell\\v1.0`].join(';');
  }
  const dirs = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return (platform === 'darwin' ? ['/opt/homebrew/bin', ...dirs] : dirs).join(':');
}
