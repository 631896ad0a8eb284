import { randomUUID } from 'node:crypto';
import { realpathSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { inFolderBelow } from '../../node/folder-below.ts';

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
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..' || part.includes('\0')) throw new Error('no plain relative path');
  }
  const file = join(stateDirectory, path);
  const write = (folder: string) => replace(folder, basename(file), content);
  inFolderBelow(stateDirectory, dirname(file), write, { make: 0o700 });
}

/** Through a new file and a rename: a link with that name is replaced, never followed. */
function replace(folder: string, name: string, content: string): void {
  const temporary = `${folder}/.${randomUUID()}.tmp`;
  writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 });
  renameSync(temporary, `${folder}/${name}`);
}
