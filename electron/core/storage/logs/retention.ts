import type { LogName } from '../../../../shared/model/log-position.ts';
import { isSessionLog } from './names.ts';
import type { LogSize } from './segments.ts';

export interface SessionLimits {
  readonly maxSessionLogs: number;
  /** Bytes of all session logs together. */
  readonly maxSessionBytes: number;
}

/** The session logs to delete: all that are over the count or the bytes, the oldest first to go. The newest stays. */
export function sessionLogsToDelete(logs: readonly LogSize[], limits: SessionLimits): LogName[] {
  const newestFirst = logs.filter(({ log }) => isSessionLog(log)).sort((a, b) => b.modifiedAt - a.modifiedAt);
  let bytes = 0;
  const keep = newestFirst.findIndex((log, index) => {
    bytes += log.bytes;
    return index > 0 && (index >= limits.maxSessionLogs || bytes > limits.maxSessionBytes);
  });
  return keep === -1 ? [] : newestFirst.slice(keep).map(({ log }) => log);
}
