import type { LogName } from '../../../../shared/model/log-position.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** Files held open; the least recently written one is let go of first. */
export const MAX_OPEN_FILES = 8;

/** The writers of the logs that were written most recently, each of which holds a file open. */
export function createOpenWriters(create: (log: LogName) => SegmentWriter) {
  const open = new Map<LogName, SegmentWriter>();

  return {
    has: (log: LogName): boolean => open.has(log),
    /** The log's writer, which counts as used now. */
    use(log: LogName): SegmentWriter {
      const writer = open.get(log) ?? create(log);
      open.delete(log);
      open.set(log, writer);
      for (const [oldest, idle] of open) {
        if (open.size <= MAX_OPEN_FILES) break;
        open.delete(oldest);
        idle.close();
      }
      return writer;
    },
    close(log: LogName): void {
      open.get(log)?.close();
      open.delete(log);
    },
    closeAll(): void {
      for (const writer of open.values()) writer.close();
      open.clear();
    },
  };
}
