import { join } from 'node:path';
import { type LogName, logNameSchema } from '../../../../shared/model/log-position.ts';

const SEGMENT_ENDING = '.log';

/** A log is a folder: `runner`, `core`, `session-<uuid>`. The name was checked by its schema: no path gets in. */
export function logFolder(dir: string, log: LogName): string {
  return join(dir, log.replace(':', '-'));
}

/** The log that a folder's name stands for; undefined for anything else that lies there. */
export function logOfFolder(name: string): LogName | undefined {
  return logNameSchema.safeParse(name.replace(/^session-/, 'session:')).data;
}

export function isSessionLog(log: LogName): boolean {
  return log.startsWith('session:');
}

export function segmentFile(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(6, '0')}${SEGMENT_ENDING}`);
}

export function segmentOfFile(name: string): number | undefined {
  const digits = /^(\d{6,15})\.log$/.exec(name)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}
