import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { ensureDirectory } from '../../node/ensure-directory.ts';

/** Milliseconds to wait when two cores ask at the same instant: one of them has the lock by then. */
const SETTLE_MS = 300;

interface CoreLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Makes this process the only core of a data directory, until it releases the lock or dies. The lock is one of the
 * operating system, taken through SQLite, which knows the way on every system: a core that crashed leaves nothing
 * that a later one would have to judge stale, and of two that start at the same instant exactly one gets it.
 * @throws PerchError ALREADY_RUNNING, DATA_DIRECTORY_NOT_WRITABLE
 */
export function lockDataDirectory(dataDir: string): CoreLock {
  let file: BetterSqlite3.Database | undefined;
  try {
    ensureDirectory(runFolder(dataDir));
    file = new BetterSqlite3(join(runFolder(dataDir), 'core.lock'), { timeout: SETTLE_MS });
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file?.close();
    throw explain(error, dataDir);
  }
  const held = file;
  return { release: () => void held.close() };
}

/** The folder in which a running core keeps its lock and its socket. */
export function runFolder(dataDir: string): string {
  return join(dataDir, 'run');
}

function explain(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY'))
    return new PerchError('ALREADY_RUNNING', { directory: dataDir }, { cause: error });
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|NOTADB)/.test(code) || /^E[A-Z]+$/.test(code)) {
    return new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dataDir }, { cause: error });
  }
  // better-sqlite3 refuses a folder that is not there with a plain TypeError.
  return error instanceof TypeError
    ? new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dataDir }, { cause: error })
    : error;
}
