import { type LogLine, logLineSchema } from '../../../../shared/model/log-position.ts';

/** Longer messages are cut, visibly. In UTF-16 units, after redaction: a cut may not save half a secret. */
const MAX_MESSAGE_CHARS = 8000;
const MAX_SOURCE_CHARS = 100;

export function cutLine(line: LogLine): LogLine {
  return { ...line, source: cut(line.source, MAX_SOURCE_CHARS), message: cut(line.message, MAX_MESSAGE_CHARS) };
}

/** Encodes one line of the file, its end included. JSON escapes line breaks of the message. */
export function encodeLine(line: LogLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** Shows a text that is no log line as it is. `time` stands in for the missing one. */
export function decodeLine(text: string, time: string): LogLine {
  return parseLine(text) ?? { time, level: 'warn', source: 'log', message: `[unreadable line] ${cut(text, 500)}` };
}

function parseLine(text: string): LogLine | undefined {
  try {
    return logLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).toWellFormed()} … [${text.length - limit} more characters were cut]`;
}
