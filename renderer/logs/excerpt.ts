import type { PositionedLogLine } from '../../shared/model/log-position.ts';
import { logLineText } from '../ui/log-line-text.ts';

/** Lines before and behind a marked one, and the most that is copied without one. */
const AROUND = 25;
const MOST = 200;

/**
 * The lines to copy: the marked line and those around it, else the newest that are shown. The core redacted them before
 * they were written.
 */
export function excerptOf(lines: readonly PositionedLogLine[], marked: PositionedLogLine | undefined): string {
  const index = marked === undefined ? -1 : lines.indexOf(marked);
  const chosen = index < 0 ? lines.slice(-MOST) : lines.slice(Math.max(0, index - AROUND), index + AROUND + 1);
  return chosen.map(logLineText).join('\n');
}

/** Pure. The text in pieces, every second of which is a hit. Upper and lower case are one. */
export function splitAtHits(text: string, wanted: string): string[] {
  if (wanted === '') return [text];
  const lower = text.toLowerCase();
  const pieces: string[] = [];
  let done = 0;
  // Where lowering changes the length, places in one are none in the other: nothing is marked then.
  const needle = lower.length === text.length ? wanted.toLowerCase() : '\u0000';
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, done)) {
    pieces.push(text.slice(done, at), text.slice(at, at + needle.length));
    done = at + needle.length;
  }
  return [...pieces, text.slice(done)];
}
