import { type PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { SupervisorEvent } from '../../../shared/model/connection-state.ts';
import type { Failure, FailureLine } from '../../../shared/model/failure.ts';
import type { LogPosition } from '../../../shared/model/log-position.ts';
import type { RunnerExit } from '../ports.ts';

/** The runner's failure as the card shows it, with the way to its place in the log. */
export function failureOf(options: {
  error: PerchError;
  exit: RunnerExit | undefined;
  log: LogPosition;
  lastLines: FailureLine[];
}): Failure {
  const { error, exit, log, lastLines } = options;
  return {
    error: toWireError(error),
    ...(exit?.startError === undefined ? {} : { reported: exit.startError.slice(0, 2000) }),
    ...exitOf(exit),
    log,
    lastLines,
  };
}

export function exitOf(exit: RunnerExit | undefined): { exitCode?: number; signal?: string } {
  return {
    ...(typeof exit?.exitCode === 'number' ? { exitCode: exit.exitCode } : {}),
    ...(typeof exit?.signal === 'string' ? { signal: exit.signal } : {}),
  };
}

/** `, exit code 3`, to follow what ended; empty when nothing is known. */
export function describeExit(exit: RunnerExit | undefined): string {
  if (exit === undefined) return '';
  if (exit.startError !== undefined) return `: ${exit.startError}`;
  return exit.signal === null ? `, exit code ${exit.exitCode}` : `, signal ${exit.signal}`;
}

/** The fate of a process that outlived its starter, as a line of the log. */
export function describeOrphanedProcess({ kind, pid, what, how, reason }: Omit<SupervisorEvent, 'at'>): string {
  const told = [how, reason].filter((fact) => fact !== undefined).map((fact) => `: ${fact}`);
  return `${kind}, ${what} (process ${pid})${told.join('')}`;
}

/** The line of the log that a failure leads to. */
export function describeFailure(error: PerchError, exit: RunnerExit | undefined): string {
  const values = Object.entries(error.values).map(([name, value]) => `${name} ${value}`);
  return `${[error.code, ...values].join(', ')}${describeExit(exit)}`;
}
