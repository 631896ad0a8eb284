import type { ProcessKind } from '../../../../shared/model/process-kind.ts';
import type { Database } from '../../storage/database/database.ts';

/** A process that Perch started, told apart from every other one that had or will have its number. */
export interface ProcessRecord {
  readonly pid: number;
  readonly what: ProcessKind;
  /** Absent: it could not be found out when the process was recorded. */
  readonly identity?: { readonly start: string; readonly boot: string };
}

interface Row {
  pid: number;
  what: ProcessKind;
  start: string | null;
  boot: string | null;
}

/** The table `process_record`. What is put in is there when the power goes; a removal may be lost, and costs a look. */
export function createRecordStore({ sql, stream }: Pick<Database, 'sql' | 'stream'>) {
  const insert = sql.prepare('INSERT OR REPLACE INTO process_record (pid, what, start, boot) VALUES (?, ?, ?, ?)');
  const remove = stream.prepare<[number]>('DELETE FROM process_record WHERE pid = ?');
  const removeThis = stream.prepare<[number, string | null]>('DELETE FROM process_record WHERE pid = ? AND start IS ?');
  const select = sql.prepare<[], Row>('SELECT pid, what, start, boot FROM process_record ORDER BY pid');
  return {
    put({ pid, what, identity }: ProcessRecord): void {
      insert.run(pid, what, identity?.start ?? null, identity?.boot ?? null);
    },
    remove: (pid: number): void => void remove.run(pid),
    /** Not another one that has its number by now. */
    removeThis: ({ pid, identity }: ProcessRecord): void => void removeThis.run(pid, identity?.start ?? null),
    list: (): ProcessRecord[] =>
      select
        .all()
        .map(({ pid, what, start, boot }) =>
          start === null || boot === null ? { pid, what } : { pid, what, identity: { start, boot } },
        ),
  };
}

export type RecordStore = ReturnType<typeof createRecordStore>;
