/** A program's crash as runtimes write it. */
const CRASH =
  /^\s*(?:\[[^\]]*\]\s*)?(?:Uncaught\s+)?(?:[A-Z]\w*(?:Error|Exception)\b(?:\s*\[[\w-]+\])?:|Error\b|FATAL ERROR:|thread '.*' panicked|panic:|fatal(?: error)?:|(?:\/usr\/bin\/)?env: |(?:ba|z|da)?sh: |bwrap: exec)/;
/** A line of a log whose level is an error's. */
const LOGGED_ERROR = /^\s*(?:\S+\s+)?\[?(?:ERROR|FATAL|CRITICAL)\b|\blevel=(?:error|fatal)\b/i;
/** An agent that cannot report to its maker still works. */
const ASIDE = /telemetry|analytics|metrics|statsig|sentry|update/i;
/** Runtimes end a crash with a line about themselves, and frames before it. */
const TAIL = /^\s*(?:at |Node\.js v\d|\^+\s*$|$)/;

/**
 * The line of stderr that tells what went wrong: the first line of a crash, else the last line that the program itself
 * calls an error; undefined when there is neither.
 */
export function errorLine(lines: readonly string[]): string | undefined {
  const crash = lines.find((line) => CRASH.test(line));
  return (crash ?? lines.findLast((line) => LOGGED_ERROR.test(line) && !ASIDE.test(line)))?.trim();
}

/** The last line with words of the program's own. */
export function lastWords(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => !TAIL.test(line))?.trim();
}
