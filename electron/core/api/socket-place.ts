import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { runFolder } from './core-lock.ts';

/** Bytes that fit into a Unix socket's address with room to spare: 104 on macOS, 108 on Linux, one of them the end. */
const MAX_PATH_BYTES = 100;

export interface SocketPlace {
  /** The path to listen on or to connect to. */
  readonly path: string;
  /** The folder in the system's temporary directory, when the data directory's own path is too long. */
  readonly shortFolder?: string;
}

/** Where the core of a data directory listens for the command line. Pure: core and command line come to the same. */
export function socketPlace(options: { dataDir: string; tmpDir: string; platform: NodeJS.Platform }): SocketPlace {
  const dataDir = resolve(options.dataDir);
  const name = `perch-${createHash('sha256').update(dataDir).digest('hex').slice(0, 20)}`;
  if (options.platform === 'win32') return { path: `\\\\.\\pipe\\${name}` };
  const inDataDir = join(runFolder(dataDir), 'core.sock');
  if (Buffer.byteLength(inDataDir) <= MAX_PATH_BYTES) return { path: inDataDir };
  const shortFolder = join(options.tmpDir, name);
  return { path: join(shortFolder, 'core.sock'), shortFolder };
}

/**
 * Makes the short folder, or takes one of our own that is there.
 * @throws PerchError SOCKET_FOLDER_NOT_OURS when another user could have put something into it
 */
export function ensureShortFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dirname(folder) }, { cause: error });
    }
  }
  if (shortFolderState(folder) !== 'ours') throw new PerchError('SOCKET_FOLDER_NOT_OURS', { folder });
}

/** Anyone may write into the temporary directory: a folder that others own or may enter is not to be trusted. */
export function shortFolderState(folder: string): 'ours' | 'not-ours' | 'missing' {
  let found: Stats;
  try {
    found = lstatSync(folder);
  } catch {
    return 'missing';
  }
  const ours = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  return ours ? 'ours' : 'not-ours';
}
