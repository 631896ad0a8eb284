import type { RunnerNotificationParams } from '../../shared/runner-protocol/protocol.ts';

/** A line as it leaves the runner: redacted by the one who passes it on. */
type LogLine = RunnerNotificationParams<'log.line'>;
export type Log = (line: LogLine) => void;
