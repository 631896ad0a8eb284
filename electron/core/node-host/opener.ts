import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { Clock } from '../../node/clock.ts';
import { runnerEnvironment } from '../../node/inherited-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface NodeOpener {
  readonly canOpen: boolean;
  /** Shows an http address in the user's browser; false when the system did not. */
  openInBrowser(url: string): Promise<boolean>;
  /** Shows a file in the file manager; false when the system did not. */
  revealFile(path: string): Promise<boolean>;
}

/** The variables by which desktop programs find the user's session; no other variable is passed on. */
const DESKTOP_VARIABLES = ['DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR'];

/** Milliseconds after which a program that still runs counts as the one that shows the thing. */
const HANDED_OVER_MS = 3000;

/** Opens things with the system's own program, without a shell in between. */
export function createNodeOpener(options: {
  environment: Environment;
  clock: Pick<Clock, 'after'>;
  platform?: NodeJS.Platform;
}): NodeOpener {
  const { environment, clock, platform = process.platform } = options;
  const canOpen = platform === 'darwin' || platform === 'win32' || hasDesktop(environment);
  const run = async (command: string, argument: readonly string[]) =>
    canOpen && (await succeeds({ command, argument, environment: desktopEnvironment(environment, platform) }, clock));
  return {
    canOpen,
    openInBrowser(url) {
      if (platform === 'darwin') return run('open', [url]);
      // Explorer opens an address in the default browser, and always exits with 1.
      if (platform === 'win32') return run('explorer.exe', [url]).then(() => true);
      return run('xdg-open', [url]);
    },
    revealFile(path) {
      if (platform === 'darwin') return run('open', ['-R', path]);
      if (platform === 'win32') return run('explorer.exe', [`/select,${path}`]).then(() => true);
      return run('xdg-open', [dirname(path)]);
    },
  };
}

function hasDesktop({ DISPLAY, WAYLAND_DISPLAY }: Environment): boolean {
  return Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

function desktopEnvironment(environment: Environment, platform: NodeJS.Platform): Record<string, string> {
  const desktop = DESKTOP_VARIABLES.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...runnerEnvironment(environment, platform), ...Object.fromEntries(desktop) };
}

/** Most openers hand over and end; some become the browser themselves, and run on without us. */
async function succeeds(
  program: { command: string; argument: readonly string[]; environment: Record<string, string> },
  clock: Pick<Clock, 'after'>,
): Promise<boolean> {
  const child = spawn(program.command, program.argument, { env: program.environment, stdio: 'ignore', detached: true });
  child.unref();
  return await new Promise((resolve) => {
    const stopWaiting = clock.after(HANDED_OVER_MS, () => resolve(true));
    const tell = (opened: boolean) => {
      stopWaiting();
      resolve(opened);
    };
    child.once('error', () => tell(false));
    child.once('exit', (code) => tell(code === 0));
  });
}
