import type { FailureLine } from '../../../../shared/model/failure.ts';
import type { LogLine, LogPosition, PositionedLogLine } from '../../../../shared/model/log-position.ts';

/**
 * The lines that a failure carries, at most `count`, with the one at `cause` marked. Pure.
 * @param last the newest lines on the disk
 * @param waiting newer ones that the disk did not take yet: they have no position
 * @param read the line at the cause, which may be older than the last ones
 */
export function failureLinesOf(options: {
  last: readonly PositionedLogLine[];
  waiting: readonly LogLine[];
  cause: LogPosition;
  count: number;
  read: () => PositionedLogLine | undefined;
}): FailureLine[] {
  const { last, waiting, cause, count, read } = options;
  const isCause = ({ position }: PositionedLogLine) =>
    position.segment === cause.segment && position.offset === cause.offset;
  const mark = ({ position, ...line }: PositionedLogLine): FailureLine =>
    isCause({ position, ...line }) ? { ...line, cause: true } : line;
  const lines: FailureLine[] = [...last.map(mark), ...waiting].slice(-count);
  if (lines.some((line) => line.cause) || waiting.length > 0) return lines;
  const older = read();
  if (older === undefined || !isCause(older)) return lines;
  return [mark(older), ...lines.slice(lines.length < count ? 0 : 1)];
}

export function withoutPosition({ position: _, ...line }: PositionedLogLine): LogLine {
  return line;
}
