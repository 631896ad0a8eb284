import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import {
  LOG_LEVELS,
  type LogLine,
  type LogName,
  type LogPosition,
  type PositionedLogLine,
} from '../../../../shared/model/log-position.ts';
import { decodeLine } from './line-text.ts';
import { type FileLine, type LineFile, openLines } from './lines-in-file.ts';
import { isSessionLog, segmentFile } from './names.ts';
import type { SegmentPlace } from './segment-writer.ts';
import { listSegments } from './segments.ts';

type ReadParams = Params<'logs.read'>;
type ReadResult = Result<'logs.read'>;

/**
 * Lines around a place of a log. Only lines that fit `minLevel`, `text` and `since` are given and counted.
 * A position inside a line means that line; one behind the log's end means its end.
 * @throws PerchError LOG_NOT_FOUND, INVALID_PARAMS (a position of another log)
 */
export function readLog(folder: string, params: ReadParams): ReadResult {
  const { log, from } = params;
  if (from !== undefined && from.log !== log) throw new PerchError('INVALID_PARAMS', { where: 'from.log' });
  const segments = listSegments(folder);
  const newest = segments.at(-1);
  if (newest === undefined) return nothingYet(log);

  const gone = from !== undefined && !segments.includes(from.segment);
  const start = gone ? { segment: segments[0] ?? newest, offset: 0 } : (from ?? endOf(folder, newest));
  const reading = { folder, segments, log, fits: filterOf(params) };
  const before = gone ? [] : linesBefore(reading, start, params.before);
  const { lines, next } = linesFrom(reading, start, params.after);
  return { lines: [...before, ...lines], next, positionGone: gone };
}

/** The newest lines, oldest first. */
export function lastLinesOf(folder: string, log: LogName, count: number): PositionedLogLine[] {
  if (listSegments(folder).length === 0) return [];
  return readLog(folder, { log, before: count, after: 0 }).lines;
}

interface Reading {
  readonly folder: string;
  readonly segments: readonly number[];
  readonly log: LogName;
  readonly fits: (line: LogLine) => boolean;
}

function nothingYet(log: LogName): ReadResult {
  if (isSessionLog(log)) throw new PerchError('LOG_NOT_FOUND', { log });
  return { lines: [], next: { log, segment: 1, offset: 0 }, positionGone: false };
}

function endOf(folder: string, segment: number): SegmentPlace {
  return withLines(segmentFile(folder, segment), (file) => ({ segment, offset: file.lineStart(file.size) }));
}

function linesBefore(reading: Reading, start: SegmentPlace, count: number): PositionedLogLine[] {
  const found: PositionedLogLine[] = [];
  for (const segment of reading.segments.filter((each) => each <= start.segment).reverse()) {
    if (found.length >= count) break;
    withLines(segmentFile(reading.folder, segment), (file) => {
      const end = segment === start.segment ? file.lineStart(start.offset) : file.size;
      for (const line of file.backwards(end)) {
        if (found.length >= count) return;
        take(reading, { segment, file, line }, found);
      }
    });
  }
  return found.reverse();
}

function linesFrom(
  reading: Reading,
  start: SegmentPlace,
  count: number,
): { lines: PositionedLogLine[]; next: LogPosition } {
  const { folder, log } = reading;
  const lines: PositionedLogLine[] = [];
  let next = { log, segment: start.segment, offset: start.offset };
  for (const segment of reading.segments.filter((each) => each >= start.segment)) {
    withLines(segmentFile(folder, segment), (file) => {
      next = { log, segment, offset: segment === start.segment ? file.lineStart(start.offset) : 0 };
      for (const line of file.forwards(next.offset)) {
        if (lines.length >= count) return;
        take(reading, { segment, file, line }, lines);
        next = { log, segment, offset: line.next };
      }
    });
    if (lines.length >= count) break;
  }
  return { lines, next };
}

function take(
  { log, fits }: Reading,
  { segment, file, line }: { segment: number; file: LineFile; line: FileLine },
  into: PositionedLogLine[],
): void {
  const decoded = decodeLine(line.text, new Date(file.modifiedAt).toISOString());
  if (fits(decoded)) into.push({ ...decoded, position: { log, segment, offset: line.offset } });
}

function filterOf({ minLevel, text, since = 0 }: ReadParams): (line: LogLine) => boolean {
  const least = LOG_LEVELS.indexOf(minLevel ?? 'debug');
  const wanted = text?.toLowerCase() ?? '';
  return (line) =>
    LOG_LEVELS.indexOf(line.level) >= least &&
    (since === 0 || Date.parse(line.time) >= since) &&
    (line.message.toLowerCase().includes(wanted) || line.source.toLowerCase().includes(wanted));
}

function withLines<T>(path: string, read: (file: LineFile) => T): T {
  const file = openLines(path);
  try {
    return read(file);
  } finally {
    file.close();
  }
}
