import { assertNever } from '../../../../shared/assert-never.ts';
import { defined } from '../../../../shared/defined.ts';
import type { SupervisorEvent } from '../../../../shared/model/connection-state.ts';
import type { ProcessKind } from '../../../../shared/model/process-kind.ts';
import type { Clock } from '../../../node/clock.ts';
import { messageOf } from '../../../node/error-code.ts';
import { END_LIMITS, endFamily, pause } from './end-family.ts';
import type { ProcessRecord, RecordStore } from './record-store.ts';
import { familyOf, type ProcessFact, type ProcessTable } from './table.ts';

/** The fate of a process that outlived its starter, for the timeline. */
type LeftOverEvent = Omit<SupervisorEvent, 'at'>;

/**
 * The processes of Perch that may outlive it. They are on disk while they live, so that the next Perch knows them again
 * after a crash: by number, start and boot. A process that only has the same number is never touched.
 */
export interface ProcessRecords {
  /** Resolves once it is on disk. @throws Error of the database */
  note(pid: number, what: ProcessKind): Promise<void>;
  /** The process is gone. */
  forget(pid: number): void;
  list(): ProcessRecord[];
  /**
   * Ends the processes that live, each with its family, at once. Answers the events to report; processes that were gone
   * already are none. A process that survives, or could not be looked at, stays recorded for the next time, unless its
   * owner can never be found out. Rejects with the database's errors alone.
   * @param graceMs milliseconds in which they may end by themselves
   */
  end(records: readonly ProcessRecord[], graceMs: number): Promise<LeftOverEvent[]>;
}

/** `other`: another process has the number. `unknown`: the owner of the process could not be found out. */
type Look =
  | { readonly state: 'ours'; readonly fact: ProcessFact }
  | { readonly state: 'gone' | 'other' }
  | { readonly state: 'unknown'; readonly reason: string };

/** @param deps.table absent where the system tells nothing that would do to know a process again */
export function createProcessRecords(deps: {
  store: RecordStore;
  table: ProcessTable | undefined;
  clock: Clock;
}): ProcessRecords {
  const { store, table, clock } = deps;

  async function identify(pid: number): Promise<ProcessRecord['identity']> {
    try {
      const [fact, boot] = await Promise.all([table?.find(pid), table?.boot()]);
      return fact === undefined || boot === undefined ? undefined : { start: fact.start, boot };
    } catch {
      // Without an identity it is told at the next start as one that could not be checked.
      return undefined;
    }
  }

  async function look({ pid, identity }: ProcessRecord): Promise<Look> {
    if (!isThere(pid)) return { state: 'gone' };
    if (table === undefined) return { state: 'unknown', reason: `${process.platform}` };
    if (identity === undefined) return { state: 'unknown', reason: 'it was recorded without its start' };
    try {
      if ((await table.boot()) !== identity.boot) return { state: 'gone' };
      const fact = await table.find(pid);
      if (fact === undefined) return { state: 'gone' };
      return fact.start === identity.start ? { state: 'ours', fact } : { state: 'other' };
    } catch (error) {
      return { state: 'unknown', reason: messageOf(error) };
    }
  }

  async function lookAfter(record: ProcessRecord, graceMs: number): Promise<Look> {
    const until = clock.now() + graceMs;
    for (;;) {
      const found = await look(record);
      if (found.state !== 'ours' || clock.now() >= until) return found;
      await pause(clock, END_LIMITS.look);
    }
  }

  async function endOne(record: ProcessRecord, graceMs: number): Promise<LeftOverEvent | undefined> {
    const { pid, what } = record;
    const found = await lookAfter(record, graceMs);
    switch (found.state) {
      case 'gone':
      case 'other':
        return undefined;
      case 'unknown':
        return { kind: 'left-over-not-checked', pid, what, reason: found.reason.slice(0, 200) };
      case 'ours':
        return endOurs(found.fact, what);
      default:
        return assertNever(found);
    }
  }

  async function endOurs(fact: ProcessFact, what: ProcessKind): Promise<LeftOverEvent> {
    const { pid } = fact;
    if (table === undefined) return { kind: 'left-over-survived', pid, what };
    try {
      if (familyOf(fact, await table.all()).some((member) => member.pid === process.pid)) {
        return { kind: 'left-over-not-checked', pid, what, reason: 'it started this Perch' };
      }
      const how = await endFamily(fact, { table, clock });
      return how === 'survived'
        ? { kind: 'left-over-survived', pid, what }
        : { kind: 'left-over-ended', pid, what, how };
    } catch (error) {
      return { kind: 'left-over-not-checked', pid, what, reason: String(error).slice(0, 200) };
    }
  }

  return {
    async note(pid, what) {
      const identity = await identify(pid);
      store.put({ pid, what, ...defined({ identity }) });
    },
    forget: store.remove,
    list: store.list,
    async end(records, graceMs) {
      const told = await Promise.all(
        records.map(async (record) => {
          const event = await endOne(record, graceMs);
          const settled = event === undefined || event.kind === 'left-over-ended' || record.identity === undefined;
          if (settled) store.removeThis(record);
          return event ?? [];
        }),
      );
      return told.flat();
    },
  };
}

/** Ownership does not matter here: EPERM means that the process exists. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
