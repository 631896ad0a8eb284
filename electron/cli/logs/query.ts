import { MAX_SEARCH_CHARS } from '../../../shared/contract/methods/logs.ts';
import { LOG_LEVELS, type LogLevel } from '../../../shared/model/log-position.ts';
import type { Values } from '../arguments/parse.ts';
import { UsageError } from '../usage-error.ts';

/** The most that `--lines` takes: what a log holds at most is not much more. */
const MOST_LINES = 100_000;

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Which lines are chosen, and where the showing begins. */
export interface LogQuery {
  readonly filter: { readonly minLevel?: LogLevel; readonly text?: string; readonly since?: number };
  readonly from:
    | { readonly kind: 'default' }
    | { readonly kind: 'last'; readonly lines: number }
    | { readonly kind: 'all' }
    | { readonly kind: 'failure' };
}

/**
 * Pure.
 * @param now milliseconds since the epoch, for `--since 2h`
 * @throws UsageError level, grep, lines, since, log-place
 */
export function queryOf(values: Values, now: number): LogQuery {
  const { level, grep, lines, since, failure } = values;
  if ([lines, since, failure].filter((given) => given !== undefined).length > 1) throw new UsageError('log-place');
  const filter = {
    ...(level === undefined ? {} : { minLevel: levelOf(level) }),
    ...(grep === undefined ? {} : { text: textOf(grep) }),
    ...(since === undefined ? {} : { since: timeOf(since, now) }),
  };
  if (lines !== undefined) return { filter, from: { kind: 'last', lines: countOf(lines) } };
  if (since !== undefined) return { filter, from: { kind: 'all' } };
  return { filter, from: { kind: failure === true ? 'failure' : 'default' } };
}

function levelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((each) => each === text);
  if (level === undefined) throw new UsageError('level', { choices: LOG_LEVELS.join(', ') });
  return level;
}

function textOf(text: string): string {
  if (text.length > MAX_SEARCH_CHARS) throw new UsageError('grep', { most: String(MAX_SEARCH_CHARS) });
  return text;
}

function countOf(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_LINES) throw new UsageError('lines', { most: String(MOST_LINES) });
  return count;
}

/** A time, or how long ago: `30m`, `2h`, `1d`. */
function timeOf(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const at = count === undefined ? Date.parse(text) : now - Number(count) * (UNITS[unit] ?? 0);
  if (!Number.isFinite(at) || at < 0) throw new UsageError('since');
  return Math.round(at);
}
