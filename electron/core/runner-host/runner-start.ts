import type { Clock } from '../../node/clock.ts';
import type { RunnerStarter } from '../ports.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';
import type { AnyNotification } from './notifications.ts';
import type { OrphanedProcesses } from './orphaned-processes.ts';
import { type SupervisedRunner, superviseRunner } from './supervised-runner.ts';
import type { TimelineRecorder } from './timeline-recorder.ts';

/** Starts a runner process, and records it for a Perch that finds it orphaned. */
export function startRecordedRunner(options: {
  readonly starter: RunnerStarter;
  readonly clock: Clock;
  readonly log: LogWriter;
  readonly orphanedProcesses: Pick<OrphanedProcesses, 'note'>;
  readonly timeline: TimelineRecorder;
  readonly onReady: (pid: number) => void;
  readonly onNotification: (notification: AnyNotification) => void;
}): SupervisedRunner {
  const { starter, clock, log, orphanedProcesses, timeline, onReady, onNotification } = options;
  const process = starter.start();
  timeline.record({ kind: 'started', ...pidOf(process.pid) });
  const early = process.pid;
  if (early !== undefined) orphanedProcesses.note(early, 'runner');
  timeline.say('info', `the runner starts${process.pid === undefined ? '' : ` as process ${process.pid}`}`);
  return superviseRunner({
    process,
    clock,
    log,
    onReady(pid) {
      // Electron tells the number only after the start.
      if (pid !== early) orphanedProcesses.note(pid, 'runner');
      onReady(pid);
    },
    onUnresponsive: () => timeline.record({ kind: 'unresponsive', ...pidOf(process.pid) }),
    onNotification,
  });
}

export function pidOf(pid: number | undefined): { pid?: number } {
  return pid === undefined ? {} : { pid };
}
