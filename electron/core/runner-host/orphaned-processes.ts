import type { SupervisorEvent } from '../../../shared/model/connection-state.ts';
import type { ProcessKind } from '../../../shared/model/process-kind.ts';
import type { ProcessRecords } from '../machine/processes/records.ts';
import { describeOrphanedProcess } from './failure.ts';

export interface OrphanedProcesses {
  /** A process was started. */
  note(pid: number, what: ProcessKind): void;
  /** The process is gone. */
  forget(pid: number): void;
  isEmpty(): boolean;
  /**
   * Ends what is recorded now and still lives after the grace; what is started from now on is not meant. One call after
   * the other: each process is told once. Never rejects.
   */
  end(graceMs: number): Promise<void>;
  /** Resolves when every call of `end` so far is through. */
  readonly settled: Promise<void>;
}

/** The records of processes as the supervisor uses them: a failure of theirs stops no one, and is in the log. */
export function createOrphanedProcesses(deps: {
  processes: ProcessRecords;
  record: (event: Omit<SupervisorEvent, 'at'>) => void;
  say: (level: 'error', message: string) => void;
}): OrphanedProcesses {
  const { processes, record, say } = deps;
  let settled = Promise.resolve();
  const attempt = <T>(what: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      say('error', `${what}: ${String(error)}`);
      return undefined;
    }
  };

  return {
    note(pid, what) {
      processes.note(pid, what).catch((error) => say('error', `process ${pid} was not recorded: ${String(error)}`));
    },
    // A process that stays recorded costs a look.
    forget: (pid) => attempt(`the end of process ${pid} was not recorded`, () => processes.forget(pid)),
    isEmpty: () => (attempt('left-over processes were not looked for', processes.list) ?? []).length === 0,
    end(graceMs) {
      const records = attempt('left-over processes were not looked for', processes.list) ?? [];
      settled = settled.then(async () => {
        try {
          for (const event of await processes.end(records, graceMs)) {
            record(event);
            say('error', describeOrphanedProcess(event));
          }
        } catch (error) {
          say('error', `left-over processes were not ended: ${String(error)}`);
        }
      });
      return settled;
    },
    get settled() {
      return settled;
    },
  };
}
