import type BetterSqlite3 from 'better-sqlite3';
import type { z } from 'zod';
import { failureSchema } from '../../../../../shared/model/failure.ts';
import { runEventSchema } from '../../../../../shared/model/run-event.ts';
import { sandboxStatusSchema } from '../../../../../shared/model/sandbox-policy.ts';
import { foldedTranscriptSchema } from '../../../../../shared/transcript/schema.ts';
import type { TableFinding } from './areas.ts';

type Sql = BetterSqlite3.Database;
type Row = Record<string, unknown>;

/** Written anew, not copied. */
const OWN = new Set(['installation']);

/** Columns that are useless unless they hold JSON: bytes of another page may be read as a text. */
export const JSON_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  run_event: ['event'],
  turn: ['sandbox', 'failure'],
  turn_transcript: ['transcript'],
  supervisor_event: ['event'],
  setting: ['value'],
  agent_setting: ['value'],
  mcp_server: ['transport'],
  user_agent: ['definition', 'problem'],
  own_proxy: ['exceptions'],
  recovery: ['recovery'],
  credential_event: ['scope'],
  credential_renewal: ['refused'],
};

/** Columns that are read without another check: their JSON must have the very shape that was written. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  'run_event.event': runEventSchema,
  'turn.sandbox': sandboxStatusSchema,
  'turn.failure': failureSchema,
  'turn_transcript.transcript': foldedTranscriptSchema,
};

/**
 * Copies every row that can be read into a database with the same schema: from both ends of a table as far as that
 * goes. A row that the schema refuses is none. Raises what writing raises, apart from that.
 */
export function copyReadableRows(from: Sql, to: Sql): TableFinding[] {
  // In the order in which they were made: what is referred to comes first.
  const tables = to
    .prepare<[], string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    .pluck()
    .all();
  return to.transaction(() => tables.filter((table) => !OWN.has(table)).map((table) => copyTable(table, from, to)))();
}

function copyTable(table: string, from: Sql, to: Sql): TableFinding {
  const columns = to.pragma(`table_info(${table})`) as { name: string; pk: number }[];
  const names = columns.map(({ name }) => name);
  const insert = to.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
  let [kept, refused] = [0, 0];
  const take = (row: Row): void => {
    if (isUsable(table, row) && inserted(insert, names, row)) kept++;
    else refused++;
  };
  const read = readBothWays(from, { table, names, key: keyOf(columns) }, take);
  return { table, kept, whole: read && refused === 0 };
}

/** The columns that order a table's rows: its number, or the key that it is stored by. */
function keyOf(columns: readonly { name: string; pk: number }[]): string[] {
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  return key.map(({ name }) => name);
}

/** True when every row could be read. Damage in the middle is met from both sides. */
function readBothWays(
  from: Sql,
  { table, names, key }: { table: string; names: string[]; key: string[] },
  take: (row: Row) => void,
): boolean {
  const order = orderOf(from, table, key);
  if (order === undefined) return false;
  const chosen = [...names, ...order.map((column, index) => `${column} AS key_${index}`)].join(', ');
  const by = (direction: string) => order.map((column) => `${column} ${direction}`).join(', ');
  const keyIn = (row: Row) => order.map((_, index) => row[`key_${index}`]);
  let last: unknown[] | undefined;
  const upwards = readUntilDamage(from, `SELECT ${chosen} FROM ${table} ORDER BY ${by('ASC')}`, [], (row) => {
    last = keyIn(row);
    take(row);
  });
  if (upwards) return true;
  const beyond = last === undefined ? '' : `WHERE (${order.join(', ')}) > (${order.map(() => '?').join(', ')})`;
  readUntilDamage(from, `SELECT ${chosen} FROM ${table} ${beyond} ORDER BY ${by('DESC')}`, last ?? [], take);
  return false;
}

/** Undefined when the table is not there, or nothing says how it is stored. */
function orderOf(from: Sql, table: string, key: string[]): string[] | undefined {
  return [['rowid'], key].find((order) => {
    try {
      from.prepare(`SELECT ${order.join(', ')} FROM ${table}`);
      return true;
    } catch {
      // A table without a number is stored by its key; one that is not there has neither.
      return false;
    }
  });
}

function readUntilDamage(from: Sql, query: string, values: unknown[], take: (row: Row) => void): boolean {
  let rows: IterableIterator<unknown>;
  try {
    rows = from.prepare(query).iterate(...values);
  } catch {
    return false;
  }
  const next = (): IteratorResult<unknown> | undefined => {
    try {
      return rows.next();
    } catch {
      return undefined;
    }
  };
  try {
    for (;;) {
      const row = next();
      if (row === undefined) return false;
      if (row.done === true) return true;
      take(row.value as Row);
    }
  } finally {
    // An error of `take` concerns writing and is passed on; a query left open would hold the file.
    rows.return?.();
  }
}

function isUsable(table: string, row: Row): boolean {
  return (JSON_COLUMNS[table] ?? []).every((column) => {
    const value = row[column];
    if (value === null || value === undefined) return true;
    try {
      const parsed: unknown = JSON.parse(String(value));
      return SHAPES[`${table}.${column}`]?.safeParse(parsed).success ?? true;
    } catch {
      return false;
    }
  });
}

function inserted(insert: BetterSqlite3.Statement, names: readonly string[], row: Row): boolean {
  try {
    insert.run(names.map((name) => row[name]));
    return true;
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}
