import type { LogName, LogPosition } from '../model/log-position.ts';

/** A log in the window, or a line of it. */
interface LogPlace {
  readonly log: LogName;
  /** Absent: the log's end. */
  readonly position?: LogPosition | undefined;
  /** The turn whose failure led there, or whose conversation. */
  readonly turnId?: string | undefined;
}

/** The fragment of the window's address that opens a log, the same for every way to it. Pure. */
export function logAddress({ log, position, turnId }: LogPlace): string {
  const query = [
    ...(position === undefined ? [] : [`segment=${position.segment}`, `offset=${position.offset}`]),
    ...(turnId === undefined ? [] : [`turn=${encodeURIComponent(turnId)}`]),
  ];
  return `#/log/${log}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}
