import type { Translate } from '../../shared/i18n/translate.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 min. ago`, `yesterday`; older than a week: the date. */
export function relativeTime(at: number, now: number, language: string): string {
  const age = Math.max(0, now - at);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  if (age < MINUTE) return format.format(0, 'second');
  if (age < HOUR) return format.format(-Math.floor(age / MINUTE), 'minute');
  if (age < DAY) return format.format(-Math.floor(age / HOUR), 'hour');
  if (age < 7 * DAY) return format.format(-Math.floor(age / DAY), 'day');
  return day(at, language);
}

/** A day, without its time. */
export function day(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at);
}

export function fullTime(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** `0.8 s`, `12 s`, `3 min 5 s`. */
export function duration(ms: number, t: Translate, language: string): string {
  const seconds = ms / 1000;
  if (seconds < 10) return t('time.seconds', { seconds: oneDecimal(seconds, language) });
  if (seconds < 60) return t('time.seconds', { seconds: Math.round(seconds) });
  return t('time.minutes', { minutes: Math.floor(seconds / 60), seconds: Math.floor(seconds % 60) });
}

function oneDecimal(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}

export function compactNumber(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** `2.7 kB`: thousands, as the systems' file managers have it. */
export function fileSize(bytes: number, language: string): string {
  const [unit, value] = bytes < 1_000_000 ? ['kilobyte', bytes / 1000] : ['megabyte', bytes / 1_000_000];
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

export function money(cost: { readonly amount: number; readonly currency: string }, language: string): string {
  const digits = cost.amount !== 0 && Math.abs(cost.amount) < 0.01 ? 4 : 2;
  try {
    return new Intl.NumberFormat(language, {
      style: 'currency',
      currency: cost.currency,
      maximumFractionDigits: digits,
    }).format(cost.amount);
  } catch {
    // A currency that is no ISO code, as the agent reported it.
    return `${cost.amount} ${cost.currency}`;
  }
}

/** Whole seconds until then, never below zero. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}

/** A long path keeps its end: that is the part that tells two apart. */
export function shortPath(path: string, maxChars: number): string {
  if (path.length <= maxChars) return path;
  const parts = path.split(/(?=[/\\])/);
  let end = parts.pop() ?? '';
  while (parts.length > 0 && end.length + (parts.at(-1)?.length ?? 0) < maxChars) end = parts.pop() + end;
  return `…${end.slice(-(maxChars - 1))}`;
}
