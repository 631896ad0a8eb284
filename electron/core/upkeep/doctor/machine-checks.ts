import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { ensureDirectory } from '../../../node/ensure-directory.ts';
import { createEarlierFailures } from '../../boot/earlier-failures.ts';
import type { HostPorts } from '../../ports.ts';
import { type Check, errorMessage, finding, message } from './check.ts';

type Ports = Pick<HostPorts, 'kind' | 'paths' | 'terminals' | 'bootLog'>;

/** The oldest major version of Node that carries Perch. */
const NODE_MAJOR = 24;

/** The checks that need no core: they also run when none starts. */
export function machineChecks(ports: Ports, nodeVersion: string = process.versions.node): Check[] {
  return [
    nodeCheck(nodeVersion),
    dataDirectoryCheck(ports),
    terminalsCheck(ports),
    windowCheck(ports),
    bootCheck(ports),
  ];
}

function nodeCheck(version: string): Check {
  const recent = Number.parseInt(version, 10) >= NODE_MAJOR;
  return {
    id: 'node',
    run: () =>
      recent
        ? finding('ok', message('node', { version }))
        : finding('problem', message('node', { version }), message('node-advice', { wanted: NODE_MAJOR })),
  };
}

function dataDirectoryCheck({ paths: { dataDir } }: Ports): Check {
  const id = 'data-directory';
  return {
    id,
    run() {
      // Asked by writing: permissions alone do not tell of a read-only file system, nor of root.
      const probe = join(dataDir, `.doctor-${process.pid}`);
      try {
        ensureDirectory(dataDir);
        writeFileSync(probe, '');
        rmSync(probe);
        return finding('ok', message(id, { directory: dataDir }));
      } catch {
        return finding('problem', errorMessage(new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dataDir })));
      }
    },
  };
}

function terminalsCheck({ terminals }: Ports): Check {
  return {
    id: 'terminals',
    run: () =>
      terminals.state === 'available'
        ? finding('ok', message('terminals'))
        : finding('warning', message('no-terminals', { reason: terminals.reason }), message('terminals-advice')),
  };
}

/** The `electron` package notes in `path.txt` that its binary has been fetched. */
function windowCheck({ kind, paths }: Ports): Check {
  return {
    id: 'electron',
    run() {
      const here = kind === 'electron' || paths.moduleDirs.some((dir) => existsSync(join(dir, 'electron', 'path.txt')));
      return here
        ? finding('ok', message('electron'))
        : finding('warning', message('no-electron'), message('electron-advice'));
    },
  };
}

/** Reports an earlier start, or a run, that ended for a reason which the user has not dismissed. */
function bootCheck({ bootLog, paths: { dataDir } }: Ports): Check {
  return {
    id: 'boot',
    run() {
      const [newest] = createEarlierFailures(bootLog ?? { files: [], dataDir }).list();
      if (newest === undefined) return finding('ok', message('boot'));
      const values = { time: new Date(newest.at).toISOString(), reason: newest.message.split('\n', 1)[0] ?? '' };
      const files = bootLog?.files.filter((file) => existsSync(file)).join(', ') ?? '';
      return finding('warning', message('boot-failed', values), message('boot-advice', { files }));
    },
  };
}
