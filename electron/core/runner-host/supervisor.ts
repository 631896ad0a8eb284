import { PerchError } from '../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../shared/listeners.ts';
import type { RestartBudget, SupervisorEvent } from '../../../shared/model/connection-state.ts';
import type { FailureLine } from '../../../shared/model/failure.ts';
import type { LogPosition } from '../../../shared/model/log-position.ts';
import type {
  RunnerMethodName,
  RunnerNotificationName,
  RunnerNotificationParams,
  RunnerParams,
  RunnerResult,
} from '../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../node/clock.ts';
import type { ProcessRecords } from '../machine/processes/records.ts';
import type { Random, RunnerStarter } from '../ports.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';
import { describeExit, describeFailure, exitOf, failureOf } from './failure.ts';
import { createNotificationListeners } from './notification-listeners.ts';
import type { AnyNotification } from './notifications.ts';
import { createOrphanedProcesses, type OrphanedProcesses } from './orphaned-processes.ts';
import { createRestartPolicy } from './restart-policy.ts';
import { pidOf, startRecordedRunner } from './runner-start.ts';
import type { RunnerStatus } from './status.ts';
import type { RunnerEnd, SupervisedRunner } from './supervised-runner.ts';
import { createTimelineRecorder } from './timeline-recorder.ts';
import type { TimelineStore } from './timeline-store.ts';

/** Milliseconds of health after which earlier crashes no longer lengthen the wait. */
const HEALTHY_AFTER = 30_000;
const LAST_LINES = 20;
/** Milliseconds for what a runner started to go by itself, as the kernel makes it, once the runner is gone. */
const FOLLOW_WITHIN = 1_000;

export interface RunnerSupervisor {
  /** Does nothing when it runs already. */
  start(): void;
  /** Always works, also out of a crash loop: ends what runs and begins anew, with all counts reset. */
  restart(): void;
  /** Resolves when the runner is gone. A start or restart afterwards begins anew. */
  stop(): Promise<void>;
  readonly status: RunnerStatus;
  onStatus(listener: (status: RunnerStatus) => void): () => void;
  /** @throws PerchError RUNNER_NOT_CONNECTED, RUNNER_CRASHED (whether it was done is not known), the runner's own */
  request<M extends RunnerMethodName>(method: M, params: RunnerParams<M>): Promise<RunnerResult<M>>;
  onNotification<N extends RunnerNotificationName>(
    name: N,
    listener: (params: RunnerNotificationParams<N>) => void,
  ): () => void;
  /** Oldest first. */
  timeline(): SupervisorEvent[];
  budget(): RestartBudget;
}

interface SupervisorOptions {
  readonly starter: RunnerStarter;
  readonly clock: Clock;
  readonly random: Random;
  /** Writer of the log `runner`: the supervisor's own lines, the runner's stderr and its lines of no session. */
  readonly log: LogWriter;
  /** The newest lines of that log, redacted, for the failure's card. */
  readonly lastLines: (count: number, cause: LogPosition) => FailureLine[];
  readonly timelineStore: TimelineStore;
  readonly processes: ProcessRecords;
}

/** Keeps one runner alive. Every failure keeps its cause, its exit and its place in the log. */
export function createRunnerSupervisor(options: SupervisorOptions): RunnerSupervisor {
  const { starter, clock, random, log, lastLines, timelineStore, processes } = options;
  const statusListeners = createListeners<[status: RunnerStatus]>();
  const notificationListeners = createNotificationListeners();
  const timeline = createTimelineRecorder({ clock, log, store: timelineStore });
  const { record, say } = timeline;
  const restarts = createRestartPolicy({ clock, random });
  const orphanedProcesses = createOrphanedProcesses({ processes, record, say });
  let status: RunnerStatus = { kind: 'stopped' };
  let wanted = false;
  let run: SupervisedRunner | undefined;
  let generation = 0;
  let cancelRetry = () => {};
  let cancelHealthy = () => {};

  const become = (next: RunnerStatus) => {
    status = next;
    statusListeners.notify(next);
  };

  const beginTidily = () => {
    if (orphanedProcesses.isEmpty()) return begin();
    const before = generation;
    void orphanedProcesses.end(0).then(() => {
      if (wanted && generation === before) begin();
    });
  };
  const begin = () => {
    generation++;
    const begun = startRecordedRunner({
      ...{ starter, clock, log, orphanedProcesses, timeline },
      onReady: ready,
      onNotification: deliver,
    });
    run = begun;
    void begun.ended.then((end) => runEnded(begun, end));
  };
  const ready = (pid: number) => {
    record({ kind: 'ready', pid });
    say('info', `the runner is connected (process ${pid})`);
    cancelHealthy = clock.after(HEALTHY_AFTER, restarts.healthy);
    become({ kind: 'connected', since: clock.now(), generation, pid });
  };
  const runEnded = (ended: SupervisedRunner, end: RunnerEnd) => {
    run = undefined;
    cancelHealthy();
    record({ kind: 'exited', ...pidOf(ended.pid), ...exitOf(end.exit), ...(end.how ? { how: end.how } : {}) });
    if (ended.pid !== undefined && end.exit !== undefined) orphanedProcesses.forget(ended.pid);
    void orphanedProcesses.end(FOLLOW_WITHIN);
    if (end.kind === 'failed' && wanted) return crashed(end);
    say('info', `the runner ${end.how === 'killed' ? 'was killed' : 'ended as asked'}${describeExit(end.exit)}`);
    if (wanted) begin();
    else stopped();
  };
  const stopped = () => {
    record({ kind: 'stopped' });
    become({ kind: 'stopped' });
  };

  const crashed = (end: Extract<RunnerEnd, { kind: 'failed' }>) => {
    const position = say('error', describeFailure(end.error, end.exit));
    const failure = failureOf({ ...end, log: position, lastLines: lastLines(LAST_LINES, position) });
    const after = restarts.afterCrash(failure, end);
    if (after.event !== undefined) record(after.event);
    if (after.delayMs !== undefined) cancelRetry = clock.after(after.delayMs, begin);
    become(after.status);
  };

  const deliver = (notification: AnyNotification) => {
    noteNotification(notification, { log, orphanedProcesses });
    notificationListeners.notify(notification);
  };

  return {
    start() {
      if (wanted) return;
      wanted = true;
      become({ kind: 'starting' });
      // A runner that is on its way out is followed by the new one.
      if (run === undefined) beginTidily();
    },
    restart() {
      wanted = true;
      restarts.reset();
      cancelRetry();
      record({ kind: 'reset' });
      become({ kind: 'starting' });
      if (run === undefined) begin();
      else run.end();
    },
    async stop() {
      wanted = false;
      cancelRetry();
      const last = run;
      if (last === undefined) {
        if (status.kind !== 'stopped') stopped();
      } else {
        last.end();
        await last.ended;
      }
      await orphanedProcesses.settled;
    },
    get status() {
      return status;
    },
    onStatus(listener) {
      return statusListeners.add(listener);
    },
    async request(method, params) {
      if (!wanted || run === undefined || status.kind !== 'connected') throw new PerchError('RUNNER_NOT_CONNECTED');
      return run.request(method, params);
    },
    onNotification: notificationListeners.add,
    timeline: () => timelineStore.list(),
    budget: restarts.budget,
  };
}

/** The supervisor's own part of a notification: log lines of no session, and processes that come and go. */
function noteNotification(
  { name, params }: AnyNotification,
  { log, orphanedProcesses }: { log: LogWriter; orphanedProcesses: Pick<OrphanedProcesses, 'note' | 'forget'> },
): void {
  if (name === 'log.line' && params.sessionId === undefined) {
    const { level, source, message } = params;
    log.write({ level, source, message });
  }
  if (name === 'process.started') orphanedProcesses.note(params.pid, params.what);
  if (name === 'process.ended') orphanedProcesses.forget(params.pid);
}
