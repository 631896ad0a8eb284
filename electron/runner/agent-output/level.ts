import { stripVTControlCharacters } from 'node:util';
import type { LogLevel } from '../../../shared/model/log-position.ts';

/** Names of levels as loggers write them, in lower case. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  verbose: 'debug',
  debug: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  fatal: 'error',
  critical: 'error',
  panic: 'error',
};

const NAMES = Object.keys(LEVELS).join('|');
/** A time, a date or a number of milliseconds that stands before the level: digits and what joins them. */
const TIME = String.raw`(?:\[?\d[\d\-:.,+TZ/ ]*\]?\s+)?`;

/** The first one that fits tells the level; its group `level` is the name. */
const NAMED: readonly RegExp[] = [
  // logfmt: `timestamp=… level=ERROR message="…"`.
  new RegExp(String.raw`^(?:[\w.]+=[^\s"]+ )*(?:level|lvl|severity)="?(?<level>${NAMES})\b`, 'i'),
  // `[ERROR] …`, `[2026-01-01 10:00] [WARN] …`, `[SYSTEM_ERROR] …`.
  new RegExp(String.raw`^${TIME}(?:\[[^\]]{0,80}\]\s*)?\[\s*(?:\w+_)?(?<level>${NAMES})\s*\]`, 'i'),
  // `2026-01-01T10:00:00Z ERROR codex_core: …`, `WARNING:root:…`: in capitals only, words of a sentence are none.
  new RegExp(String.raw`^${TIME}(?<level>${NAMES.toUpperCase()})(?=[\s:]|$)`),
  // `error: …`, `Error[E0425]: …`, `opencode: fatal: …`.
  new RegExp(String.raw`^(?:[\w.-]+: )?(?<level>${NAMES})(?:\[\w+\])?:(?:\s|$)`, 'i'),
  /^npm (?<level>warn|error|notice)\b/i,
];

/** Lines that are trouble without naming a level. */
const TROUBLE: readonly (readonly [RegExp, LogLevel])[] = [
  // Node: `(node:12) [DEP0040] DeprecationWarning: …`.
  [/^\(node:\d+\) (?:\[\w+\] )?\w*Warning: /, 'warn'],
  // The head of a stack: `TypeError: …`, `Uncaught Error: …`, `ValueError: …` of Python, `java.io.IOException: …`.
  [
    /^(?:Uncaught (?:\(in promise\) )?|Unhandled \w+ )?(?:[\w$]+\.)*[A-Z_$][\w$]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/,
    'error',
  ],
  [/^(?:Uncaught|Unhandled)\b/, 'error'],
  [/^Traceback \(most recent call last\):/, 'error'],
  [/^thread '.*' panicked at /, 'error'],
  [/^(?:panic|fatal error): /, 'error'],
  [/^Error (?:handling|while|in|at)\b/, 'error'],
  // A shell, `env` or a loader that did not find the program or its interpreter.
  [/^[\w./'-]+: .*(?:No such file or directory|command not found|not found|Permission denied|cannot execute)/, 'error'],
  [/^(?:Segmentation fault|Bus error|Illegal instruction|Aborted|Killed)\b/, 'error'],
  // glog: `E1130 10:00:00.000000 …`.
  [/^[EF]\d{4} \d\d:\d\d/, 'error'],
  [/^W\d{4} \d\d:\d\d/, 'warn'],
];

/** Pino and Bunyan write levels as numbers. */
const NUMBERS: readonly (readonly [number, LogLevel])[] = [
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
];

/** Longer lines are read up to here: a level stands at the beginning. */
const MAX_READ_CHARS = 2_000;

/** The level that a line of an agent's log claims for itself; what claims none is `info`. Pure. */
export function levelOf(line: string): LogLevel {
  const text = stripVTControlCharacters(line).slice(0, MAX_READ_CHARS).trim();
  if (text.startsWith('{')) return levelOfJson(line) ?? 'info';
  for (const pattern of NAMED) {
    const level = LEVELS[pattern.exec(text)?.groups?.level?.toLowerCase() ?? ''];
    if (level !== undefined) return level;
  }
  return TROUBLE.find(([pattern]) => pattern.test(text))?.[1] ?? 'info';
}

function levelOfJson(line: string): LogLevel | undefined {
  const fields = parse(line);
  const level = fields?.level ?? fields?.severity ?? fields?.lvl;
  if (typeof level === 'string') return LEVELS[level.toLowerCase()];
  if (typeof level === 'number') return NUMBERS.find(([least]) => level >= least)?.[1] ?? 'debug';
  return fields !== undefined && ('error' in fields || fields.type === 'error') ? 'error' : undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
