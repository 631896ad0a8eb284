import { randomUUID } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { PerchError } from '../../../shared/errors/perch-error.ts';

interface StateFile {
  /** Relative to the state directory. */
  readonly path: string;
  readonly content: string;
}

/**
 * Writes files into an agent's state directory, mode 0600. The agent owns that directory and may have put links
 * there: every folder on the way is opened without following one, and held open while the next is looked up in it.
 * @throws PerchError SESSION_START_FAILED
 */
export function writeStateFiles(stateDirectory: string, files: readonly StateFile[], agentName: string): void {
  for (const file of files) {
    try {
      writeStateFile(realpathSync(stateDirectory), file);
    } catch (error) {
      const reason = `${file.path} could not be written: ${(error as Error).message}`;
      throw new PerchError('SESSION_START_FAILED', { agent: agentName, reason }, { cause: error });
    }
  }
}

function writeStateFile(stateDirectory: string, { path, content }: StateFile): void {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  for (const part of [...parts, name]) {
    if (part === '' || part === '.' || part === '..' || part.includes('\0')) throw new Error('no plain relative path');
  }
  let folder = openFolder(stateDirectory);
  try {
    for (const part of parts) {
      const next = enterFolder(`${inside(folder)}/${part}`);
      closeSync(folder.descriptor);
      folder = next;
    }
    replace(inside(folder), name, content);
  } finally {
    closeSync(folder.descriptor);
  }
}

interface Folder {
  readonly descriptor: number;
  readonly path: string;
}

function openFolder(path: string): Folder {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  return { descriptor: openSync(path, flags), path };
}

function enterFolder(path: string): Folder {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return openFolder(path);
}

/** The open folder itself where the system has a name for it: renaming or replacing it then changes nothing. */
function inside(folder: Folder): string {
  return process.platform === 'linux' ? `/proc/self/fd/${folder.descriptor}` : folder.path;
}

/** Through a new file and a rename: a link with that name is replaced, never followed. */
function replace(folder: string, name: string, content: string): void {
  const temporary = `${folder}/.${randomUUID()}.tmp`;
  writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 });
  renameSync(temporary, `${folder}/${name}`);
}
