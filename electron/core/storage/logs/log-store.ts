import { rmSync } from 'node:fs';
import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { FailureLine } from '../../../../shared/model/failure.ts';
import type {
  LogLevel,
  LogLine,
  LogName,
  LogPosition,
  PositionedLogLine,
} from '../../../../shared/model/log-position.ts';
import type { Clock } from '../../../node/clock.ts';
import { ensureDirectory } from '../../../node/ensure-directory.ts';
import { deleteOldSegments, deleteOldSessions } from './delete-old.ts';
import { failureLinesOf, withoutPosition } from './failure-lines.ts';
import { cutLine, encodeLine } from './line-text.ts';
import { isSessionLog, logFolder, segmentFile } from './names.ts';
import { createOpenWriters } from './open-writers.ts';
import { lastLinesOf, readLog } from './reader.ts';
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts';
import { listLogs, listSegments } from './segments.ts';
import { createUnwrittenLines } from './unwritten.ts';

export interface LogWriter {
  /**
   * Writes at once and answers the line's position. Never throws: a line that the disk did not take is kept in
   * memory and written when it can be; its position is then the place where the log goes on.
   */
  write(line: { level: LogLevel; source: string; message: string; turnId?: string }): LogPosition;
}

export interface LogStore {
  writer(log: LogName): LogWriter;
  /** @throws PerchError LOG_NOT_FOUND, INVALID_PARAMS */
  read(params: Params<'logs.read'>): Result<'logs.read'>;
  /** Most recently written first. */
  list(): Result<'logs.list'>['logs'];
  /**
   * The newest segment's file; of `runner` and `core` also before it is there, in a folder that is.
   * @throws PerchError LOG_NOT_FOUND of a session that wrote nothing; the file system's error
   */
  file(log: LogName): string;
  /** Oldest first; lines that are not on the disk yet included. */
  lastLines(log: LogName, count: number): LogLine[];
  /** At most so many: the last lines of a failure's log, and the one at its position, which is marked. */
  failureLines(cause: LogPosition, count: number): FailureLine[];
  /** With all its segments; a log that is not there is none. @throws the file system's error */
  remove(log: LogName): void;
  close(): void;
}

export interface LogLimits {
  /** Bytes at which a log goes on in a new segment. */
  readonly maxSegmentBytes: number;
  /** Segments a log keeps. */
  readonly maxSegments: number;
  readonly maxSessionLogs: number;
  readonly maxSessionBytes: number;
  /** UTF-16 units of lines that wait in memory for a disk that takes them, all logs together. */
  readonly maxUnwrittenChars: number;
}

export const DEFAULT_LOG_LIMITS: LogLimits = {
  maxSegmentBytes: 2 * 1024 * 1024,
  maxSegments: 5,
  maxSessionLogs: 200,
  maxSessionBytes: 50 * 1024 * 1024,
  maxUnwrittenChars: 512 * 1024,
};

export interface LogStoreOptions extends Partial<LogLimits> {
  readonly dir: string;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
  /** Called once when a log can no longer be written (or pruned), and again only after it could in between. */
  readonly onWriteFailure: (error: unknown, log: LogName) => void;
}

/** Each log has one folder with numbered segments, a JSON object per line. Everything is redacted before it is kept. */
export function createLogStore(options: LogStoreOptions): LogStore {
  const { dir, clock, redact, onWriteFailure } = options;
  const limits = { ...DEFAULT_LOG_LIMITS, ...options };
  const unwritten = createUnwrittenLines(limits.maxUnwrittenChars);
  const open = createOpenWriters(createWriter);
  const failing = new Set<LogName>();
  /** Session logs that this process began to write: their first line is when old logs have to make room. */
  const begun = new Set<LogName>();

  function reportFailure(log: LogName, error: unknown): void {
    if (failing.has(log)) return;
    failing.add(log);
    onWriteFailure(error, log);
  }

  /** Housekeeping that fails costs no line. */
  function tidy(log: LogName, housekeeping: () => void): void {
    try {
      housekeeping();
    } catch (error) {
      reportFailure(log, error);
    }
  }

  function createWriter(log: LogName): SegmentWriter {
    const folder = logFolder(dir, log);
    const onSegmentStarted = (segment: number) =>
      tidy(log, () => {
        deleteOldSegments(folder, segment, limits.maxSegments);
        if (isSessionLog(log)) deleteOldSessions(dir, limits, open.has);
      });
    return createSegmentWriter({ folder, maxSegmentBytes: limits.maxSegmentBytes, onSegmentStarted });
  }

  function writeWaiting(log: LogName, writer: SegmentWriter): void {
    const dropped = unwritten.dropped(log);
    if (dropped > 0) writer.append(encodeLine(droppedLine(dropped, clock.now())));
    unwritten.forgetDropped(log);
    for (let entry = unwritten.first(log); entry !== undefined; entry = unwritten.first(log)) {
      writer.append(entry.text);
      unwritten.removeFirst(log);
    }
  }

  function write(log: LogName, line: LogLine): LogPosition {
    const writer = open.use(log);
    const text = encodeLine(line);
    try {
      writeWaiting(log, writer);
      const place = writer.append(text);
      failing.delete(log);
      if (isSessionLog(log) && !begun.has(log)) tidy(log, () => deleteOldSessions(dir, limits, open.has));
      begun.add(log);
      return { log, ...place };
    } catch (error) {
      unwritten.add(log, { line, text });
      reportFailure(log, error);
      return { log, ...writer.end() };
    }
  }

  function lastWritten(log: LogName, count: number): PositionedLogLine[] {
    try {
      return lastLinesOf(logFolder(dir, log), log, count);
    } catch (error) {
      reportFailure(log, error);
      return [];
    }
  }

  function lineAt(position: LogPosition): PositionedLogLine | undefined {
    const { log } = position;
    try {
      return readLog(logFolder(dir, log), { log, from: position, before: 0, after: 1 }).lines[0];
    } catch (error) {
      reportFailure(log, error);
      return undefined;
    }
  }

  return {
    writer: (log) => ({
      write({ level, source, message, turnId }) {
        const redacted = { level, source: redact(source), message: redact(message) };
        const time = new Date(clock.now()).toISOString();
        return write(log, cutLine({ time, ...redacted, ...defined({ turnId }) }));
      },
    }),
    read: (params) => readLog(logFolder(dir, params.log), params),
    list: () => listLogs(dir),
    file(log) {
      const folder = logFolder(dir, log);
      const newest = listSegments(folder).at(-1);
      if (newest !== undefined) return segmentFile(folder, newest);
      if (isSessionLog(log)) throw new PerchError('LOG_NOT_FOUND', { log });
      // A reader that follows a log of Perch's own may come before its first line.
      ensureDirectory(folder);
      return segmentFile(folder, 1);
    },
    lastLines(log, count) {
      if (count <= 0) return [];
      return [...lastWritten(log, count).map(withoutPosition), ...unwritten.lines(log)].slice(-count);
    },
    failureLines(cause, count) {
      const { log } = cause;
      const read = () => lineAt(cause);
      return failureLinesOf({ last: lastWritten(log, count), waiting: unwritten.lines(log), cause, count, read });
    },
    remove(log) {
      open.close(log);
      rmSync(logFolder(dir, log), { recursive: true, force: true });
    },
    close: open.closeAll,
  };
}

function droppedLine(count: number, now: number): LogLine {
  const message = `${count} lines were lost here: the disk did not take them and memory was full.`;
  return { time: new Date(now).toISOString(), level: 'warn', source: 'log', message };
}
