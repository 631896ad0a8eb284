import { join, resolve } from 'node:path';
import { dataDirectory, type Environment } from '../../node/data-directory.ts';
import type { HostPaths } from '../ports.ts';

/** The paths of a checkout or an unpacked installation. @param options.programsDir its `dist/` */
export function nodeHostPaths(options: { programsDir: string; environment: Environment }): HostPaths {
  const { programsDir, environment } = options;
  const installation = resolve(programsDir, '..');
  return {
    dataDir: dataDirectory({ environment }),
    resourcesDir: join(installation, 'resources'),
    programsDir,
    nodeExecutable: process.execPath,
    moduleDirs: [join(installation, 'node_modules')],
  };
}
