import { join } from 'node:path';
import type { HostPaths } from '../core/ports.ts';
import { dataDirectory } from '../node/data-directory.ts';
import { findNodeExecutable } from '../node/node-executable.ts';

export interface DesktopPaths extends HostPaths {
  readonly runnerFile: string;
  readonly preloadFile: string;
  readonly rendererDir: string;
  /** Folder of Chromium's own files, of which it is told to keep next to none. */
  readonly chromiumDir: string;
}

/**
 * @param options.appDir the application's root: a checkout, or the archive `app.asar` of a packed one. Programs for
 * plain Node are beside the archive, because only Electron can look into it.
 */
export function desktopPaths(options: {
  appDir: string;
  environment: Readonly<Record<string, string | undefined>>;
}): DesktopPaths {
  const { appDir, environment } = options;
  const outside = appDir.replace(/app\.asar$/, 'app.asar.unpacked');
  const dataDir = dataDirectory({ environment });
  return {
    dataDir,
    resourcesDir: join(appDir, 'resources'),
    programsDir: join(outside, 'dist'),
    // Without one, agents that are JavaScript are refused when they are started; native ones still run.
    nodeExecutable: findNodeExecutable({ from: outside }) ?? '',
    moduleDirs: [join(outside, 'node_modules')],
    runnerFile: join(appDir, 'dist', 'runner.mjs'),
    preloadFile: join(appDir, 'dist', 'preload.cjs'),
    rendererDir: join(appDir, 'dist', 'renderer'),
    chromiumDir: join(dataDir, 'chromium'),
  };
}
