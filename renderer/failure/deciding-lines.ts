import type { FailureLine } from '../../shared/model/failure.ts';

/** Lines that are shown beside a failure; the whole log is one step away. */
const MOST = 6;

/**
 * The deciding ones of a failure's last lines: its cause and what went wrong around it. Where nothing claims to be
 * wrong, the last ones there are. Pure.
 */
export function decidingLines(lines: readonly FailureLine[]): readonly FailureLine[] {
  const wrong = lines.filter(({ cause, level }) => cause || level === 'error' || level === 'warn');
  if (wrong.length === 0) return lines.filter(({ level }) => level !== 'debug').slice(-MOST);
  const cause = wrong.find((line) => line.cause);
  const last = wrong.slice(-MOST);
  return cause === undefined || last.includes(cause) ? last : [cause, ...last.slice(1)];
}
