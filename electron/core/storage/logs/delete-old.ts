import { rmSync } from 'node:fs';
import type { LogName } from '../../../../shared/model/log-position.ts';
import { logFolder, segmentFile } from './names.ts';
import { type SessionLimits, sessionLogsToDelete } from './retention.ts';
import { listLogs, listSegments } from './segments.ts';

/** Deletes all segments of a log but its newest, `newest` included. @throws the file system's error */
export function deleteOldSegments(folder: string, newest: number, maxSegments: number): void {
  for (const old of listSegments(folder).filter((each) => each <= newest - maxSegments)) {
    rmSync(segmentFile(folder, old), { force: true });
  }
}

/** Deletes the session logs below `dir` that are over the limits, except those in use. @throws the file system's error */
export function deleteOldSessions(dir: string, limits: SessionLimits, isInUse: (log: LogName) => boolean): void {
  for (const log of sessionLogsToDelete(listLogs(dir), limits)) {
    if (!isInUse(log)) rmSync(logFolder(dir, log), { recursive: true, force: true });
  }
}
