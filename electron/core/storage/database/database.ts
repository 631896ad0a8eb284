import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import { ensureDirectory } from '../../../node/ensure-directory.ts';
import type { Random } from '../../ports.ts';
import { checkIntegrity } from './integrity.ts';
import { MIGRATIONS } from './migrations.ts';

export interface Database {
  /** For the `*-store.ts` files of the core's rooms; nothing else speaks SQL. */
  readonly sql: BetterSqlite3.Database;
  /**
   * The database file with `synchronous=NORMAL`: survives the death of every process, and a power cut up to the last
   * commit of `sql`, which takes earlier writes along. Streamed events use this connection; ends and ledgers go
   * through `sql`.
   */
  readonly stream: BetterSqlite3.Database;
  readonly installationId: string;
  close(): void;
}

/**
 * Opens or makes the database (WAL, `synchronous=FULL`: what a user was told is saved survives a power cut; see
 * docs/adr/0009).
 * @throws PerchError DATABASE_TOO_NEW, DATABASE_CORRUPT, DATABASE_LOCKED, DATA_DIRECTORY_NOT_WRITABLE, DISK_FULL,
 *   TOO_MANY_OPEN_FILES
 */
export function openDatabase(options: { file: string; clock: Clock; random: Random }): Database {
  const { file } = options;
  const connections: BetterSqlite3.Database[] = [];
  const connect = (synchronous: 'FULL' | 'NORMAL') => {
    const connection = new BetterSqlite3(file);
    connections.unshift(connection);
    connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Before the first page is written; an older file keeps what it was made with.
    connection.pragma('auto_vacuum = INCREMENTAL');
    connection.pragma('journal_mode = WAL');
    connection.pragma(`synchronous = ${synchronous}`);
    // The statement that adds a streamed event checks in itself that the turn exists.
    connection.pragma(`foreign_keys = ${synchronous === 'FULL' ? 'ON' : 'OFF'}`);
    return connection;
  };
  const close = () => {
    for (const connection of connections) connection.close();
  };
  try {
    if (file !== ':memory:') {
      makePrivate(file);
      checkIntegrity(file);
    }
    const sql = connect('FULL');
    migrate(sql);
    const installationId = ensureInstallation(sql, options);
    const stream = file === ':memory:' ? sql : connect('NORMAL');
    return { sql, stream, installationId, close };
  } catch (error) {
    close();
    throw explainDatabaseError(error, file);
  }
}

/** Milliseconds that a statement waits for another process; the whole core waits with it. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * Makes the file where there is none. SQLite gives its side files the rights of the database file, so that only this
 * user reads prompts and answers.
 */
export function makePrivate(file: string): void {
  ensureDirectory(dirname(file));
  closeSync(openSync(file, 'a', 0o600));
}

/** @param steps how many of all are done afterwards */
export function migrate(sql: BetterSqlite3.Database, steps = MIGRATIONS.length): void {
  const done = sql.pragma('user_version', { simple: true }) as number;
  for (let step = done; step < steps; step++) {
    sql.transaction(() => {
      sql.exec(MIGRATIONS[step] ?? '');
      sql.pragma(`user_version = ${step + 1}`);
    })();
  }
}

function ensureInstallation(sql: BetterSqlite3.Database, { clock, random }: { clock: Clock; random: Random }): string {
  const found = sql.prepare('SELECT id FROM installation').get() as { id: string } | undefined;
  if (found !== undefined) return found.id;
  const id = random.uuid();
  sql.prepare('INSERT INTO installation (id, created_at) VALUES (?, ?)').run(id, clock.now());
  return id;
}

/** Runs work on the database in `file`. @throws the errors of SQLite as `explainDatabaseError` explains them */
export const explaining =
  (file: string) =>
  <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explainDatabaseError(error, file);
    }
  };

/** Explains an error of SQLite or the file system as a sentence for a person; any other error stays as it is. */
export function explainDatabaseError(error: unknown, file: string): unknown {
  if (error instanceof PerchError) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return error;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new PerchError('DATABASE_CORRUPT', { file }, { cause: error });
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return new PerchError('DATABASE_LOCKED', { file }, { cause: error });
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return new PerchError('DISK_FULL', { file }, { cause: error });
  if (code === 'EMFILE' || code === 'ENFILE') return new PerchError('TOO_MANY_OPEN_FILES', { file }, { cause: error });
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(code) || /^E(ACCES|PERM|ROFS|NOTDIR|NOENT|EXIST)$/.test(code)) {
    return new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dirname(file) }, { cause: error });
  }
  return error;
}
