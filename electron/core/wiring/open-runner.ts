import { sandboxRecords } from '../agents/session-plan.ts';
import { createRecordStore } from '../machine/processes/record-store.ts';
import { createProcessRecords } from '../machine/processes/records.ts';
import { processTable } from '../machine/processes/select-table.ts';
import type { HostPorts } from '../ports.ts';
import { createSandboxCheck } from '../runner-host/sandbox-check.ts';
import { createRunnerSupervisor, type RunnerSupervisor } from '../runner-host/supervisor.ts';
import { createTimelineStore } from '../runner-host/timeline-store.ts';
import type { Changes } from './changes.ts';
import type { Closers } from './closers.ts';
import type { Storage } from './open-storage.ts';

/** The runner's supervisor, and what this machine can enforce. */
export interface RunnerParts {
  readonly supervisor: RunnerSupervisor;
  readonly sandbox: ReturnType<typeof createSandboxCheck>['availability'];
}

export function openRunner(options: {
  ports: Pick<HostPorts, 'paths' | 'clock' | 'random' | 'runnerStarter'>;
  closers: Closers;
  changes: Changes;
  storage: Pick<Storage, 'database' | 'logs'>;
}): RunnerParts {
  const { ports, closers, changes, storage } = options;
  const { clock, random } = ports;
  const { database, logs } = storage;
  const supervisor = createRunnerSupervisor({
    starter: ports.runnerStarter,
    clock,
    random,
    log: logs.writer('runner'),
    lastLines: (count, cause) => logs.failureLines(cause, count),
    timelineStore: createTimelineStore(database),
    processes: createProcessRecords({
      store: createRecordStore(database),
      table: processTable(process.platform),
      clock,
    }),
  });
  closers.add('runner', () => supervisor.stop());
  const { availability } = createSandboxCheck({
    supervisor,
    records: sandboxRecords(ports.paths),
    onChange: () => changes.touch('host', 'agents', 'connection'),
  });
  return { supervisor, sandbox: availability };
}
