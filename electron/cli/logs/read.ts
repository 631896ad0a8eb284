import type { LogName, LogPosition, PositionedLogLine } from '../../../shared/model/log-position.ts';
import type { Client } from '../../core/api/client.ts';
import type { LogQuery } from './query.ts';

/** Lines that one answer gives at most, and those around the place of a failure. */
const PAGE = 1000;
const AROUND = { before: 40, after: 200 } as const;

interface Reading {
  readonly client: Client;
  readonly log: LogName;
  readonly filter: LogQuery['filter'];
}

/** `next` is where the log goes on. */
interface LinesRead {
  readonly lines: readonly PositionedLogLine[];
  readonly next: LogPosition;
  readonly positionGone: boolean;
}

export async function readAround({ client, log, filter }: Reading, from: LogPosition): Promise<LinesRead> {
  return await client.call('logs.read', { log, from, ...AROUND, ...filter });
}

/** The last lines, oldest first. */
export async function readLast({ client, log, filter }: Reading, count: number): Promise<LinesRead> {
  // Asked for its end, a log goes on behind its last line.
  const end = await client.call('logs.read', { log, before: Math.min(count, PAGE), after: 0, ...filter });
  let lines = end.lines;
  for (let page = lines.length; page === PAGE && lines.length < count; ) {
    const from = lines[0]?.position ?? end.next;
    const before = Math.min(count - lines.length, PAGE);
    const earlier = await client.call('logs.read', { log, from, before, after: 0, ...filter });
    lines = [...earlier.lines, ...lines];
    page = earlier.lines.length;
  }
  return { lines, next: end.next, positionGone: false };
}

/** From the oldest line that is left. */
export async function readAll({ client, log, filter }: Reading): Promise<LinesRead> {
  const lines: PositionedLogLine[] = [];
  for (let next: LogPosition = { log, segment: 1, offset: 0 }; ; ) {
    const page = await client.call('logs.read', { log, from: next, before: 0, after: PAGE, ...filter });
    lines.push(...page.lines);
    next = page.next;
    // A start that is gone is no loss here: what was asked for is whatever is left.
    if (page.lines.length < PAGE) return { lines, next, positionGone: false };
  }
}
