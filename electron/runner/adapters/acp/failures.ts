import { defined } from '../../../../shared/defined.ts';
import type { ErrorCode } from '../../../../shared/errors/codes.ts';
import type { ErrorValues } from '../../../../shared/errors/perch-error.ts';
import type { PromptResult } from '../../../../shared/runner-protocol/protocol.ts';
import type { ProgramExit } from '../../process/program.ts';

const MAX_REPORTED_CHARS = 2000;

/** An agent's sentence as it may leave the runner. */
export function quote(text: string, redact: (text: string) => string): string {
  return redact(text.trim()).slice(0, MAX_REPORTED_CHARS);
}

export function failed(
  code: ErrorCode,
  values: ErrorValues,
  more: { readonly reported?: string; readonly exit?: ProgramExit } = {},
): PromptResult {
  const { reported, exit } = more;
  return {
    outcome: 'failed',
    error: { code, values },
    ...defined({ reported }),
    ...(exit?.exitCode == null ? {} : { exitCode: exit.exitCode }),
    ...(exit?.signal == null ? {} : { signal: exit.signal }),
  };
}

/** `code 70`, `signal SIGKILL`: for a sentence. */
export function describeExit(exit: ProgramExit): string {
  if (exit.startError !== undefined) return exit.startError;
  return exit.signal === null ? `code ${exit.exitCode ?? 0}` : `signal ${exit.signal}`;
}
