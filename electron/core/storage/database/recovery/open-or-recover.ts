import { existsSync, renameSync, rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { PerchError } from '../../../../../shared/errors/perch-error.ts';
import type { Recovery } from '../../../../../shared/model/recovery.ts';
import type { Clock } from '../../../../node/clock.ts';
import type { Random } from '../../../ports.ts';
import { type Database, explainDatabaseError, makePrivate, migrate, openDatabase } from '../database.ts';
import { areasOf, type TableFinding } from './areas.ts';
import { copyReadableRows } from './copy-readable-rows.ts';
import { installationIdSchema, readInstallationFile, writeInstallationFile } from './installation-file.ts';
import { createRecoveryStore } from './recovery-store.ts';
import { repairTurns } from './repair-turns.ts';
import { asideName, exchange } from './set-aside.ts';

type Options = { file: string; clock: Clock; random: Random; onProblem: (message: string) => void };

/**
 * Opens the database; one that is damaged is set aside whole, and a new one goes on with what could be read of it and
 * with the same installation id. Interrupted at any point, the next start goes on from there. Only for the one core of
 * the data directory.
 * @param options.onProblem hears what did not work and is not needed now
 * @throws PerchError as `openDatabase`; DISK_FULL when there is no room for the new one: then nothing was changed
 */
export function openOrRecover(options: Options): Database {
  const { file, onProblem } = options;
  try {
    finishExchange(file);
    const database = openOr(options, () => recover(options));
    try {
      writeInstallationFile(file, database.installationId);
    } catch (error) {
      onProblem(`the installation's id could not be written beside the database: ${String(error)}`);
    }
    return database;
  } catch (error) {
    throw explainDatabaseError(error, file);
  }
}

function openOr(options: Options, whenDamaged: () => void): Database {
  try {
    return openDatabase(options);
  } catch (error) {
    if (!(error instanceof PerchError && error.code === 'DATABASE_CORRUPT')) throw error;
    whenDamaged();
    return openDatabase(options);
  }
}

/** Being written: worth nothing. */
const unfinished = (file: string) => `${file}.recovering`;
/** Complete, and on its way into the place of the damaged one. */
const finished = (file: string) => `${file}.recovered`;

function recover(options: Options): void {
  const { file, clock, onProblem } = options;
  removeUnfinished(file);
  const recovery = { at: clock.now(), movedTo: asideName(file, clock.now()), areas: buildNew(options) };
  withOpen({ ...options, file: unfinished(file) }, ({ sql }) => createRecoveryStore({ sql }).put(recovery));
  renameSync(unfinished(file), finished(file));
  finishExchange(file);
  onProblem(`the database was damaged and is now ${recovery.movedTo}; what came over: ${describe(recovery.areas)}`);
}

function buildNew(options: Options): Recovery['areas'] {
  const { file } = options;
  try {
    const areas = areasOf(copyReadable(options, unfinished(file)));
    withOpen({ ...options, file: unfinished(file) }, ({ sql }) => repairTurns(sql));
    return areas;
  } catch (error) {
    // On a full disk it would take the room that it lacked.
    removeUnfinished(file);
    throw error;
  }
}

function removeUnfinished(file: string): void {
  for (const part of ['-wal', '-shm', '']) rmSync(`${unfinished(file)}${part}`, { force: true });
}

function withOpen(options: Options, use: (database: Database) => void): void {
  const database = openDatabase(options);
  try {
    use(database);
  } finally {
    database.close();
  }
}

function finishExchange(file: string): void {
  const replacement = finished(file);
  if (!existsSync(replacement)) return;
  const sql = new BetterSqlite3(replacement);
  try {
    const movedTo = createRecoveryStore({ sql }).newest()?.movedTo;
    if (movedTo === undefined) throw new PerchError('DATABASE_CORRUPT', { file: replacement });
    sql.close();
    exchange(file, { movedTo, replacement });
  } finally {
    sql.close();
  }
}

/** Into a database of the same age as the damaged one: what came later is done to the rows as to any others. */
function copyReadable({ file, clock, random }: Options, into: string): TableFinding[] {
  const damaged = openDamaged(file);
  makePrivate(into);
  const sql = new BetterSqlite3(into);
  try {
    sql.pragma('auto_vacuum = INCREMENTAL');
    sql.pragma('foreign_keys = ON');
    migrate(sql, damaged?.version);
    const { id, createdAt, store } = installationOf(damaged?.sql);
    sql
      .prepare('INSERT INTO installation (id, created_at, keychain_store) VALUES (?, ?, ?)')
      // The file was written while all was well; what a damaged database says of itself may be anything.
      .run(readInstallationFile(file) ?? id ?? random.uuid(), createdAt ?? clock.now(), store ?? null);
    return damaged === undefined ? [] : copyReadableRows(damaged.sql, sql);
  } finally {
    damaged?.sql.close();
    sql.close();
  }
}

/** Undefined when not even its first page says what it is. */
function openDamaged(file: string): { sql: BetterSqlite3.Database; version: number } | undefined {
  const sql = new BetterSqlite3(file, { readonly: true });
  try {
    const version = sql.pragma('user_version', { simple: true }) as number;
    sql.prepare('SELECT name FROM sqlite_master').all();
    return { sql, version };
  } catch {
    sql.close();
    return undefined;
  }
}

const installationSchema = z.object({
  id: installationIdSchema.optional().catch(undefined),
  createdAt: z.number().int().optional().catch(undefined),
  store: z.string().nullable().catch(null),
});

function installationOf(sql: BetterSqlite3.Database | undefined): Partial<z.infer<typeof installationSchema>> {
  try {
    const row = sql?.prepare('SELECT id, created_at AS createdAt, keychain_store AS store FROM installation').get();
    return row === undefined ? {} : installationSchema.parse(row);
  } catch {
    // Not one row of it can be read.
    return {};
  }
}

function describe(areas: Recovery['areas']): string {
  return areas.map(({ area, state, kept }) => `${area} ${state} (${kept})`).join(', ');
}
