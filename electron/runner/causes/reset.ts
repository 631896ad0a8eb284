import { defined } from '../../../shared/defined.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};
const UNITS = 'ms|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|s|m|h|d';
const LENGTH = `\\d+(?:\\.\\d+)?\\s*(?:${UNITS})\\b`;
const LENGTH_COMPACT = `\\d+(?:\\.\\d+)?(?:${UNITS})`;
const AFTER = new RegExp(
  `(?:(?:retry|try again|resets?|available(?: again)?|wait)(?: in| after| for)?|retry-?after|retryDelay)["':=\\s]*` +
    `((?:${LENGTH_COMPACT}){1,4}(?!\\w)|(?:${LENGTH}[\\s,and]*){1,4})`,
  'iu',
);
const RETRY_AFTER_SECONDS = /retry-?after["':=\s]*(\d+)(?![\w.:-])/iu;
const EPOCH = /\|(1\d{9})(\d{3})?\b/u;
const DATE = /(\d{4}-\d{2}-\d{2})(?:T|\s+at\s+|\s+)(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|UTC)?/u;
const CLOCK =
  /(?:resets?|again|until|available)(?: at)?\s+(\d{1,2})(?::(\d{2}))?\s*(am|pm)?(?:\s*\(([\w/+-]+)\))?(?![\w:])/iu;

/** Longer than any limit that is waited for: what is told as more is a misread number. */
const MAX_WAIT_MS = 35 * 86_400_000;

/** When a limit ends, as its text tells it; undefined when it does not. Milliseconds since 1970. */
export function resetOf(text: string, now: number): number | undefined {
  const at = after(text, now) ?? absolute(text) ?? clockTime(text, now);
  return at !== undefined && at > now && at - now <= MAX_WAIT_MS ? Math.round(at) : undefined;
}

function after(text: string, now: number): number | undefined {
  const seconds = RETRY_AFTER_SECONDS.exec(text)?.[1];
  if (seconds !== undefined) return now + Number(seconds) * 1000;
  const told = AFTER.exec(text)?.[1];
  if (told === undefined) return undefined;
  let sum = 0;
  for (const [, number = '', unit = ''] of told.matchAll(new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${UNITS})`, 'giu'))) {
    sum += Number(number) * (UNIT_MS[unit.toLowerCase()] ?? UNIT_MS[unit.toLowerCase().replace(/s$/, '')] ?? 0);
  }
  return sum > 0 ? now + sum : undefined;
}

function absolute(text: string): number | undefined {
  const epoch = EPOCH.exec(text)?.[1];
  if (epoch !== undefined) return Number(epoch) * 1000;
  const found = DATE.exec(text);
  if (found === null) return undefined;
  const at = Date.parse(`${found[1]}T${found[2]}${found[3] === undefined ? '' : 'Z'}`);
  return Number.isNaN(at) ? undefined : at;
}

/** `resets 3:45pm (Europe/Berlin)`: the next time that a clock there shows it; without a zone the clock of this machine. */
function clockTime(text: string, now: number): number | undefined {
  const found = CLOCK.exec(text);
  const [, hours = '', minutes = '0', half, zone] = found ?? [];
  // A bare number is a time only where something says so.
  if (found === null || (half === undefined && found[2] === undefined)) return undefined;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/pm/i.test(half) ? 12 : 0);
  const minute = Number(minutes);
  if (hour > 23 || minute > 59) return undefined;
  const shown = shownAt(now, zone);
  if (shown === undefined) return undefined;
  const ahead = hour * 60 + minute - shown.minutes;
  return now - shown.intoMinute + (ahead > 0 ? ahead : ahead + 24 * 60) * 60_000;
}

/** Minutes of the day that a clock in the zone shows, and the milliseconds since that minute began. */
function shownAt(now: number, zone: string | undefined): { minutes: number; intoMinute: number } | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...defined({ timeZone: zone }),
    });
    const [hour = 0, minute = 0] = format.format(now).split(':').map(Number);
    return { minutes: hour * 60 + minute, intoMinute: now % 60_000 };
  } catch {
    // The zone is none that is known here.
    return undefined;
  }
}
