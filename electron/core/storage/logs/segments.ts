import { readdirSync, statSync } from 'node:fs';
import type { LogName } from '../../../../shared/model/log-position.ts';
import { logFolder, logOfFolder, segmentFile, segmentOfFile } from './names.ts';

/** The numbers of a log's segments, oldest first. A folder that is not there has none. */
export function listSegments(folder: string): number[] {
  return namesIn(folder)
    .map(segmentOfFile)
    .filter((segment) => segment !== undefined)
    .sort((a, b) => a - b);
}

export interface LogSize {
  readonly log: LogName;
  readonly bytes: number;
  readonly modifiedAt: number;
}

/** Every log below `dir` that has a segment, most recently written first. */
export function listLogs(dir: string): LogSize[] {
  const logs = namesIn(dir).map(logOfFolder);
  return logs
    .filter((log) => log !== undefined)
    .map((log) => measure(dir, log))
    .filter((size) => size !== undefined)
    .sort((a, b) => b.modifiedAt - a.modifiedAt);
}

function measure(dir: string, log: LogName): LogSize | undefined {
  const folder = logFolder(dir, log);
  const stats = listSegments(folder)
    .map((segment) => statSync(segmentFile(folder, segment), { throwIfNoEntry: false }))
    .filter((stat) => stat !== undefined);
  if (stats.length === 0) return undefined;
  return {
    log,
    bytes: stats.reduce((sum, stat) => sum + stat.size, 0),
    modifiedAt: Math.max(...stats.map((stat) => Math.round(stat.mtimeMs))),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
