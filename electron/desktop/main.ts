import { app } from 'electron';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { createApp } from '../core/app.ts';
import { ensureDirectory } from '../core/files/ensure-directory.ts';
import { reportStartFailure, startDesktop } from './desktop.ts';
import { desktopPaths } from './paths.ts';
import { registerWindowScheme } from './protocol/serve.ts';

/**
 * The program that Electron starts. Nothing is awaited here: `ready` comes only after this module is done, and what
 * is set before it has to be set in one go.
 */
const environment = { ...process.env };
const paths = desktopPaths({ appDir: app.getAppPath(), environment });

app.enableSandbox();
registerWindowScheme();
if (claimDataDirectory()) {
  if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
  else app.quit();
} else app.exit(1);

/** The single-instance lock lies in Chromium's folder, so there is one for each data directory. */
function claimDataDirectory(): boolean {
  try {
    ensureDirectory(paths.chromiumDir);
  } catch (error) {
    const values = { directory: paths.chromiumDir };
    reportStartFailure(new PerchError('DATA_DIRECTORY_NOT_WRITABLE', values, { cause: error }));
    return false;
  }
  app.setPath('userData', paths.chromiumDir);
  return true;
}

async function start(): Promise<void> {
  // Windows shows notifications only of an application that says which it is.
  if (process.platform === 'win32') app.setAppUserModelId('app.perch.desktop');
  try {
    await startDesktop({ createApp, paths, environment, platform: process.platform });
  } catch (error) {
    reportStartFailure(error);
    app.quit();
  }
}
