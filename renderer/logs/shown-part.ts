import type { Result } from '../../shared/contract/methods.ts';
import type { LogPosition, PositionedLogLine } from '../../shared/model/log-position.ts';
import { comparePositions, MAX_LINES, mergeLines } from './merge.ts';

/** Lines on each side of a place that is opened. */
export const AROUND = 200;
/** Lines that are read at once: at the end of a log, before the first and after the last line. */
export const PAGE = 500;

type Lines = readonly PositionedLogLine[];

/** The ends of the part that is shown first. Fewer lines than asked for, on one side of a place, are all there are. */
export function endsOf({ lines, positionGone }: Result<'logs.read'>, from: LogPosition | undefined) {
  if (from === undefined) return { atStart: lines.length < PAGE, atEnd: true };
  const before = lines.filter(({ position }) => comparePositions(position, from) < 0).length;
  return { atStart: positionGone || before < AROUND, atEnd: lines.length - before < AROUND };
}

/** The part with a page of newer lines; the oldest make room. */
export function withLater(known: Lines, added: Lines) {
  const merged = mergeLines(known, added);
  const cut = merged.length > MAX_LINES;
  return { lines: merged.slice(-MAX_LINES), atEnd: added.length < PAGE, ...(cut ? { atStart: false } : {}) };
}

/** The part with a page of older lines; the newest make room, and have to be read again: `cut`. */
export function withEarlier(known: Lines, added: Lines) {
  const merged = mergeLines(known, added);
  const lines = merged.slice(0, MAX_LINES);
  return { lines, atStart: added.length < PAGE, cut: lines.length < merged.length };
}
