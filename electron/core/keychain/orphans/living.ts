import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** `unknown`: it could not be found out; `reason` is an error code of the file system or of SQLite. */
export type Life = { readonly state: 'living' | 'gone' } | { readonly state: 'unknown'; readonly reason: string };

/** An installation lives while the database in its data directory holds its id. */
export async function lifeOf(installationId: string, dataDir: string): Promise<Life> {
  const file = join(dataDir, 'perch.db');
  try {
    if (!(await exists(file))) {
      // A folder on a disk that is not there now is not gone.
      return (await exists(dirname(dataDir))) ? { state: 'gone' } : { state: 'unknown', reason: 'ENOENT' };
    }
    return { state: idsIn(file).includes(installationId) ? 'living' : 'gone' };
  } catch (error) {
    return { state: 'unknown', reason: (error as { code?: string }).code ?? 'unknown' };
  }
}

function idsIn(file: string): string[] {
  const sql = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    return (sql.prepare('SELECT id FROM installation').all() as { id: string }[]).map(({ id }) => id);
  } finally {
    sql.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
