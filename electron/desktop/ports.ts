import { randomUUID } from 'node:crypto';
import { app, dialog, Notification, powerSaveBlocker, shell, utilityProcess } from 'electron';
import { createKeyringKeychain } from '../core/keychain/keyring.ts';
import { findTerminals } from '../core/node-host/terminals.ts';
import type { BootLog, HostPorts, Notifications, Opener } from '../core/ports.ts';
import { systemClock } from '../node/clock.ts';
import { runnerEnvironment } from '../node/inherited-environment.ts';
import type { DesktopPaths } from './paths.ts';
import { createUtilityProcessStarter } from './runner/utility-process-starter.ts';
import type { Windows } from './window/windows.ts';

/**
 * The capabilities that Electron lends to the core. The window comes later than the core, so it is asked for when it is
 * needed.
 */
export function createDesktopPorts(options: {
  paths: DesktopPaths;
  environment: Readonly<Record<string, string | undefined>>;
  bootLog: BootLog;
  windows: () => Windows | undefined;
  /** Quits without asking. */
  end: () => void;
}): HostPorts {
  const { paths, environment, bootLog, windows, end } = options;
  return {
    kind: 'electron',
    version: app.getVersion(),
    paths,
    environment,
    clock: systemClock,
    random: { uuid: () => randomUUID(), fraction: () => Math.random() },
    keychain: createKeyringKeychain,
    runnerStarter: createUtilityProcessStarter({
      fork: utilityProcess.fork,
      runnerFile: paths.runnerFile,
      environment: runnerEnvironment(environment),
    }),
    notifications: createNotifications(windows),
    opener: createOpener(windows),
    terminals: findTerminals(paths.runnerFile),
    bootLog,
    sleep: {
      hold() {
        const id = powerSaveBlocker.start('prevent-app-suspension');
        return () => void powerSaveBlocker.stop(id);
      },
    },
    end,
  };
}

function createNotifications(windows: () => Windows | undefined): Notifications {
  return {
    show({ title, body, turnId }) {
      // A user who looks at the window sees it there.
      if (windows()?.isInFront === true || !Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      const route = turnId === undefined ? '#/' : `#/session/${encodeURIComponent(turnId)}`;
      notification.on('click', () => windows()?.show({ route }));
      notification.show();
    },
  };
}

function createOpener(windows: () => Windows | undefined): Opener {
  const choose = async () => await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
  return {
    canRevealFiles: true,
    canChooseFolder: true,
    async revealFile(path) {
      shell.showItemInFolder(path);
      return true;
    },
    async chooseFolder() {
      const { canceled, filePaths } = (await windows()?.keepOpenDuring(choose)) ?? (await choose());
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}
