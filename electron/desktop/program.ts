import { app } from 'electron';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { createApp } from '../core/app.ts';
import type { BootLog } from '../core/ports.ts';
import { ensureDirectory } from '../node/ensure-directory.ts';
import { type DesktopOptions, reportStartFailure, startDesktop } from './desktop.ts';
import { type DesktopPaths, desktopPaths } from './paths.ts';
import { registerWindowScheme } from './protocol/serve.ts';

/** Everything that has to be set before `ready` is set at once: nothing is awaited here. */
export async function start(bootLog: BootLog): Promise<void> {
  const environment = { ...process.env };
  const paths = desktopPaths({ appDir: app.getAppPath(), environment });
  app.enableSandbox();
  registerWindowScheme();
  if (!claimDataDirectory(paths, bootLog)) app.exit(1);
  else if (!app.requestSingleInstanceLock()) app.quit();
  else void app.whenReady().then(() => open({ createApp, paths, environment, platform: process.platform, bootLog }));
}

/** The single-instance lock lies in Chromium's folder, so there is one for each data directory. */
function claimDataDirectory(paths: DesktopPaths, bootLog: BootLog): boolean {
  try {
    ensureDirectory(paths.chromiumDir);
  } catch (error) {
    const values = { directory: paths.chromiumDir };
    reportStartFailure(new PerchError('DATA_DIRECTORY_NOT_WRITABLE', values, { cause: error }), bootLog);
    return false;
  }
  app.setPath('userData', paths.chromiumDir);
  return true;
}

async function open(options: DesktopOptions): Promise<void> {
  // Windows shows notifications only of an application that says which it is.
  if (process.platform === 'win32') app.setAppUserModelId('app.perch.desktop');
  try {
    await startDesktop(options);
  } catch (error) {
    reportStartFailure(error, options.bootLog);
    app.quit();
  }
}
