import type { LogLevel, LogPosition, PositionedLogLine } from '../../../shared/model/log-position.ts';
import type { Context } from '../context.ts';
import { oneLine, type Style, terminalJson, terminalSafe } from '../terminal/output.ts';

const LEVEL_STYLES: Readonly<Record<LogLevel, Style | undefined>> = {
  debug: 'dim',
  info: undefined,
  warn: 'yellow',
  error: 'red',
};

/** Writes a line of a log; the one at `failedAt` is marked. */
export function showLine(context: Context, line: PositionedLogLine, failedAt?: LogPosition): void {
  const { values, stdout } = context;
  const { segment, offset } = line.position;
  const failing = failedAt !== undefined && segment === failedAt.segment && offset === failedAt.offset;
  if (values.json === true) {
    stdout.line(terminalJson(failing ? { ...line, failing } : line));
    return;
  }
  const mark = failing ? stdout.style('red', '>') : ' ';
  stdout.line(
    `${mark} ${stdout.style('dim', line.time)} ${line.level.padEnd(5)} ${oneLine(line.source)}: ${messageOf(context, line)}`,
  );
}

/** The lines of a message behind its first stand under it: they are not to pass for lines of the log. */
function messageOf({ stdout }: Context, { level, message, time }: PositionedLogLine): string {
  const style = LEVEL_STYLES[level];
  const margin = `${' '.repeat(time.length + 3)}| `;
  return terminalSafe(message)
    .split('\n')
    .map((text) => (style === undefined ? text : stdout.style(style, text)))
    .join(`\n${margin}`);
}
