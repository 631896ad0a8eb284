import type { LogLine } from '../../shared/model/log-position.ts';

/** The time of a line within its day, to the millisecond, as the reader's clock has it: `11:58:01.120`. */
export function timeOfDay(time: string): string {
  const at = new Date(time);
  // A text that is no time (of an unreadable line) is shown as it is.
  if (Number.isNaN(at.getTime())) return time;
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** The day that begins with this line, with its weekday; undefined when the line before is of the same day. */
export function dayBegun(line: LogLine, before: LogLine | undefined, language: string): string | undefined {
  const at = new Date(line.time);
  if (Number.isNaN(at.getTime())) return undefined;
  if (before !== undefined && new Date(before.time).toDateString() === at.toDateString()) return undefined;
  return new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(at);
}
