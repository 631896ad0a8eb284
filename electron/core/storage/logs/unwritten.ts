import type { LogLine, LogName } from '../../../../shared/model/log-position.ts';

interface Waiting {
  readonly line: LogLine;
  readonly text: string;
}

/**
 * Lines that the disk did not take, kept until it does again. Over `maxChars` (all logs together) the oldest go;
 * how many went is counted, so that the log can say so.
 */
export function createUnwrittenLines(maxChars: number) {
  const waiting = new Map<LogName, Waiting[]>();
  const dropped = new Map<LogName, number>();
  let chars = 0;

  const removeFirst = (log: LogName) => {
    const entries = waiting.get(log);
    chars -= entries?.shift()?.text.length ?? 0;
    if (entries?.length === 0) waiting.delete(log);
  };
  const dropOldest = () => {
    const [log] = waiting.keys();
    if (log === undefined) return;
    removeFirst(log);
    dropped.set(log, (dropped.get(log) ?? 0) + 1);
  };

  return {
    add(log: LogName, entry: Waiting): void {
      const entries = waiting.get(log) ?? [];
      waiting.set(log, entries);
      entries.push(entry);
      chars += entry.text.length;
      while (chars > maxChars) dropOldest();
    },
    first: (log: LogName): Waiting | undefined => waiting.get(log)?.[0],
    removeFirst,
    lines: (log: LogName): LogLine[] => (waiting.get(log) ?? []).map(({ line }) => line),
    dropped: (log: LogName): number => dropped.get(log) ?? 0,
    forgetDropped: (log: LogName): void => void dropped.delete(log),
  };
}
