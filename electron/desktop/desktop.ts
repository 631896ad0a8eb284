import { join } from 'node:path';
import { app, dialog, Menu, session, shell } from 'electron';
import { toWireError } from '../../shared/errors/perch-error.ts';
import { describeErrorWithCode } from '../../shared/i18n/describe-error.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import { isOwnDoing } from '../core/boot/describe.ts';
import { settleMemory } from '../core/node-host/settle-memory.ts';
import type { BootLog, HostPorts } from '../core/ports.ts';
import { systemClock } from '../node/clock.ts';
import { createActions } from './actions.ts';
import { openWindowDoor } from './ipc/door.ts';
import type { DesktopPaths } from './paths.ts';
import { createDesktopPorts } from './ports.ts';
import { serveWindow } from './protocol/serve.ts';
import { guardQuit, type Quittable } from './quit/quit.ts';
import { hostsOf, outsideAddress } from './security/addresses.ts';
import { guardContents, guardSession } from './security/guard.ts';
import { findTrayHost, opensWindowAtStart } from './tray/host.ts';
import { createTray } from './tray/tray.ts';
import { applicationMenu } from './window/application-menu.ts';
import { createWindows, type Windows } from './window/windows.ts';
import { words } from './words.ts';

type DesktopApp = Quittable;

export interface DesktopOptions {
  readonly createApp: (ports: HostPorts) => Promise<DesktopApp>;
  readonly paths: DesktopPaths;
  /** Perch's own process environment at start. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly bootLog: BootLog;
}

/** Slices that the tray shows. */
const TRAY_SLICES: ReadonlySet<string> = new Set(['connection', 'agents', 'providers', 'settings', 'turns', 'leaving']);
/** In memory only: nothing that a page leaves behind is written to the disk. */
const PARTITION = 'perch';

/** Boots the desktop host, after `ready`. A core that cannot start says why in a dialog, and the application ends. */
export async function startDesktop(options: DesktopOptions): Promise<void> {
  let windows: Windows | undefined;
  let quit = { now: () => app.quit() };
  let core: DesktopApp;
  try {
    core = await options.createApp(createDesktopPorts({ ...options, windows: () => windows, end: () => quit.now() }));
  } catch (error) {
    reportStartFailure(error, options.bootLog);
    app.exit(1);
    return;
  }
  settleMemory(systemClock);
  quit = guardQuit(core, wordsFor(core));
  // The tray keeps the application alive when its window is closed.
  app.on('window-all-closed', () => {});
  if (options.paths.nodeExecutable === '') {
    core.log.write({
      level: 'warn',
      source: 'desktop',
      message: 'no Node came with this installation: agents that are JavaScript cannot run',
    });
  }
  windows = openDoors(core, options);
  showTray(core, windows, options);
  app.on('second-instance', () => windows?.show());
  app.on('activate', () => windows?.show());
  const trayHost = await findTrayHost(options);
  if (trayHost !== 'present') {
    core.log.write({ level: 'warn', source: 'tray', message: `no tray can be relied on here (${trayHost})` });
  }
  if (opensWindowAtStart(trayHost)) windows.showAsWindow();
}

function openDoors(core: DesktopApp, { paths, platform }: DesktopOptions): Windows {
  const developerTools = !app.isPackaged;
  const menu = applicationMenu({ platform, developerTools });
  Menu.setApplicationMenu(menu === null ? null : Menu.buildFromTemplate(menu));
  const windowSession = session.fromPartition(PARTITION, { cache: false });
  guardSession(windowSession);
  guardContents({ openOutside: (address) => openOutside(core, address) });
  serveWindow(windowSession, paths.rendererDir);
  const door = openWindowDoor(core);
  return createWindows({
    preloadFile: paths.preloadFile,
    icon: join(paths.resourcesDir, 'icons', 'icon.png'),
    session: windowSession,
    clock: systemClock,
    developerTools,
    onWindow: door.admit,
  });
}

function openOutside({ hub, log }: DesktopApp, address: string): void {
  const { providers, agents } = hub.state;
  const pages = providers.flatMap(({ keyPage, billingPage }) => [keyPage, billingPage]);
  const known = hostsOf([...pages, ...agents.map(({ homepage }) => homepage)]);
  const outside = outsideAddress(address, known);
  if (outside !== undefined) void shell.openExternal(outside);
  else log.write({ level: 'warn', source: 'window', message: `did not open ${address.slice(0, 200)}` });
}

function wordsFor({ hub }: DesktopApp): () => Translate {
  return () => words(hub.state.settings.locale, app.getPreferredSystemLanguages());
}

function showTray(core: DesktopApp, windows: Windows, { paths, platform }: DesktopOptions): void {
  const t = wordsFor(core);
  const quit = () => app.quit();
  const onAction = createActions({ app: core, windows, t, showError: dialog.showErrorBox, quit });
  const tray = createTray({
    resourcesDir: paths.resourcesDir,
    platform,
    initial: { state: core.hub.state, t: t() },
    onClick: (anchor) => windows.toggle(anchor),
    onAction,
  });
  core.hub.subscribe({
    listener: ({ event }) => {
      if (event.type === 'state' && TRAY_SLICES.has(event.slice)) tray.update(core.hub.state, t());
    },
  });
  app.once('will-quit', () => tray.destroy());
}

export function reportStartFailure(error: unknown, bootLog: BootLog): void {
  const t = words('system', app.getPreferredSystemLanguages());
  const reason = isOwnDoing(error) ? '' : bootLog.report(error).reason;
  const detail = toWireError(error).code === 'INTERNAL' ? `\n\n${reason.slice(0, 500)}` : '';
  dialog.showErrorBox(t('tray.startFailed'), `${describeErrorWithCode(toWireError(error), t)}${detail}`);
}
