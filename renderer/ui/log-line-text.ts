import type { LogLine } from '../../shared/model/log-position.ts';

/** A line as it is copied: fixed order, one line each. */
export function logLineText(line: LogLine): string {
  return `${line.time} ${line.level.toUpperCase().padEnd(5)} ${line.source}: ${line.message}`;
}
