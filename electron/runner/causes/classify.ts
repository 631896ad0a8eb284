import { defined } from '../../../shared/defined.ts';
import { type Cause, CODE_OF_CAUSE } from '../../../shared/errors/causes.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import type { ErrorValues } from '../../../shared/errors/perch-error.ts';
import { errorLine } from './error-line.ts';
import { resetOf } from './reset.ts';
import { type CauseRow, GENERIC_ROWS, PROGRAM_ROWS } from './rows.ts';

/** Everything that is known of a failure. */
export interface Evidence {
  /** The agent's sentences about it, the most telling one first: an error answer, an error dressed as an answer. */
  readonly words: readonly string[];
  /** The latest lines of its stderr, of this turn or of its start. */
  readonly stderr: readonly string[];
  /** Present when its program is gone. */
  readonly exit?: { readonly exitCode: number | null; readonly signal: string | null } | undefined;
  /** A host that the session's way out did not reach, although its rules allow it. */
  readonly unreached?: string | undefined;
}

interface FoundCause {
  readonly code: ErrorCode;
  readonly values: ErrorValues;
  /** The words that told it; not yet redacted. */
  readonly said: string | undefined;
}

/** A shell tells of a program that a signal ended by 128 and the signal's number. */
const SIGNAL_EXIT = 128;
const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/**
 * Why an agent failed, from what it said: its own words first, then its stderr, then how its program ended.
 * Undefined when nothing tells a cause.
 * @param rows of this kind of agent; asked before the generic ones
 */
export function classify(evidence: Evidence, rows: readonly CauseRow[], now: number): FoundCause | undefined {
  const provider = [...rows, ...GENERIC_ROWS];
  for (const words of evidence.words) {
    const cause = causeIn(words, provider);
    if (cause !== undefined) return found(cause, words, evidence, now);
  }
  return evidence.words.length > 0 ? undefined : fromProgram(evidence, provider, now);
}

/** The agent said nothing: its stderr and its end are all that there is. */
function fromProgram(evidence: Evidence, provider: readonly CauseRow[], now: number): FoundCause | undefined {
  const { stderr, exit } = evidence;
  const line = errorLine(stderr);
  if (exit !== undefined) {
    // A runtime says more than one line about its end, and not each of them looks like an error.
    for (const each of [line, ...stderr.toReversed()]) {
      const cause = each === undefined ? undefined : causeIn(each, PROGRAM_ROWS);
      if (cause !== undefined) return found(cause, each, evidence, now);
    }
  }
  const cause = line === undefined ? undefined : causeIn(line, provider);
  if (cause !== undefined) return found(cause, line, evidence, now);
  const signal = exit === undefined ? undefined : signalOf(exit);
  return signal === undefined ? undefined : { code: 'AGENT_KILLED', values: { signal }, said: line };
}

function signalOf({ exitCode, signal }: NonNullable<Evidence['exit']>): string | undefined {
  // The key that people end a program with.
  if (signal === 'SIGINT') return undefined;
  if (signal !== null) return signal;
  return exitCode !== null && exitCode > SIGNAL_EXIT ? SIGNALS[exitCode - SIGNAL_EXIT] : undefined;
}

function causeIn(text: string, rows: readonly CauseRow[]): Cause | undefined {
  return rows.find(({ pattern }) => pattern.test(text))?.cause;
}

/** Behind the session's way out an agent sees a connection that breaks where there never was one. */
const OF_CONNECTION: ReadonlySet<Cause> = new Set([
  'connection-dropped',
  'connection-refused',
  'server-error',
  'timeout',
]);

/** A cause that was told by what happened, and by no words. */
export function ofCause(cause: Cause, evidence: Pick<Evidence, 'unreached'>, now: number): FoundCause {
  return found(cause, undefined, evidence, now);
}

function found(
  cause: Cause,
  said: string | undefined,
  { unreached }: Pick<Evidence, 'unreached'>,
  now: number,
): FoundCause {
  if (unreached !== undefined && OF_CONNECTION.has(cause)) {
    return { code: CODE_OF_CAUSE['connection-refused'], values: { host: unreached }, said };
  }
  const resetAt = cause === 'rate-limit' && said !== undefined ? resetOf(said, now) : undefined;
  const missing = said?.trim().slice(0, MAX_VALUE_CHARS) ?? '';
  return {
    code: CODE_OF_CAUSE[cause],
    values: {
      ...defined({ resetAt }),
      ...(cause === 'script-missing' || cause === 'interpreter-missing' ? { missing } : {}),
    },
    said,
  };
}

const MAX_VALUE_CHARS = 300;
