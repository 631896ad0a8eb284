import type { LogPosition, PositionedLogLine } from '../../shared/model/log-position.ts';

export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.segment - b.segment || a.offset - b.offset;
}

/** Lines kept on screen; the oldest go first while a log is followed. */
export const MAX_LINES = 5000;

/** Both lists in the order of the log, each line once. */
export function mergeLines(
  known: readonly PositionedLogLine[],
  added: readonly PositionedLogLine[],
): PositionedLogLine[] {
  if (added.length === 0) return [...known];
  const last = known.at(-1);
  const first = added[0];
  if (last === undefined || (first !== undefined && comparePositions(first.position, last.position) > 0)) {
    return [...known, ...added];
  }
  const byPlace = new Map<string, PositionedLogLine>();
  for (const line of [...known, ...added]) byPlace.set(`${line.position.segment}:${line.position.offset}`, line);
  return [...byPlace.values()].sort((a, b) => comparePositions(a.position, b.position));
}

/** The line of a place, or the first after it when a filter hides it. */
export function lineAt(lines: readonly PositionedLogLine[], place: LogPosition): PositionedLogLine | undefined {
  return lines.find((line) => comparePositions(line.position, place) >= 0);
}
