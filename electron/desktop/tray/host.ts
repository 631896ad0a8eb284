import { execFile } from 'node:child_process';

/**
 * Says whether the desktop shows tray icons. Only Linux leaves it open: there a program of the desktop has to offer it.
 */
type TrayHost = 'present' | 'absent' | 'unknown';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const QUESTION = ['--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'];
/** The variables by which a D-Bus client finds the user's bus. */
const VARIABLES = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'PATH', 'HOME', 'DISPLAY'] as const;
/** Milliseconds. */
const PATIENCE = 2_000;

/** Where the icon cannot be relied on, the window opens by itself, because the user has no other way to it. */
export function opensWindowAtStart(host: TrayHost): boolean {
  return host !== 'present';
}

/** Asks the session bus for a StatusNotifier watcher, with the desktop's own tool. */
export async function findTrayHost(options: {
  platform: NodeJS.Platform;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<TrayHost> {
  if (options.platform !== 'linux') return 'present';
  const env: Record<string, string> = {};
  for (const name of VARIABLES) {
    const value = options.environment[name];
    if (value !== undefined) env[name] = value;
  }
  const args = ['call', ...QUESTION, '--method', 'org.freedesktop.DBus.NameHasOwner', WATCHER];
  return await new Promise((resolve) => {
    execFile('gdbus', args, { env, timeout: PATIENCE }, (error, stdout) =>
      resolve(error === null ? readAnswer(stdout) : 'unknown'),
    );
  });
}

export function readAnswer(stdout: string): TrayHost {
  if (stdout.includes('(true,')) return 'present';
  return stdout.includes('(false,') ? 'absent' : 'unknown';
}
