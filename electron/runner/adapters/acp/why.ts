import { defined } from '../../../../shared/defined.ts';
import type { Cause } from '../../../../shared/errors/causes.ts';
import type { ErrorCode } from '../../../../shared/errors/codes.ts';
import type { ErrorValues } from '../../../../shared/errors/perch-error.ts';
import type { PromptResult } from '../../../../shared/runner-protocol/protocol.ts';
import type { Clock } from '../../../node/clock.ts';
import { classify, type Evidence, ofCause } from '../../causes/classify.ts';
import { errorLine, lastWords } from '../../causes/error-line.ts';
import type { ProgramExit } from '../../process/program.ts';
import { describeExit, failed, quote } from './failures.ts';
import type { Signs } from './signs.ts';

/** Lines of stderr that a failure is explained with: an agent in debug mode writes thousands. */
const MAX_LINES = 200;

/** Why a turn failed, in a code of its own where the agent's words, its stderr or its end tell the cause. */
export interface Why {
  errorLine(line: string): void;
  /** The agent said why, in these sentences: the most telling one first. */
  words(words: readonly string[], otherwise?: ErrorCode): PromptResult;
  /** The agent said nothing. */
  silent(otherwise: ErrorCode, values?: ErrorValues): PromptResult;
  exited(exit: ProgramExit): PromptResult;
  /** What the agent did tells the cause; it said nothing of it. */
  did(cause: Cause): PromptResult;
}

interface WhyDependencies {
  readonly agentName: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly signs: Signs;
  readonly redact: (text: string) => string;
  /** A host that the way out did not reach since the turn began. */
  readonly unreached?: (() => string | undefined) | undefined;
}

export function createWhy({ agentName, clock, signs, redact, unreached }: WhyDependencies): Why {
  const lines: string[] = [];
  /** A line of a refused credential need not look like an error. */
  let refusedLine: string | undefined;

  const look = (evidence: Pick<Evidence, 'words' | 'exit'>) =>
    classify({ ...evidence, stderr: lines, unreached: unreached?.() }, signs.causes, clock.now());

  const result = (code: ErrorCode, values: ErrorValues, said: string | undefined, exit?: ProgramExit): PromptResult =>
    failed(
      code,
      { agent: agentName, ...masked(values, redact) },
      {
        // A missing file is named in the sentence already.
        ...(said === undefined || values.missing !== undefined ? {} : { reported: quote(said, redact) }),
        ...defined({ exit }),
      },
    );

  const silent = (otherwise: ErrorCode, values: ErrorValues = {}, exit?: ProgramExit): PromptResult => {
    const found = look({ words: [], exit });
    if (found !== undefined && found.code !== 'AGENT_KILLED') return result(found.code, found.values, found.said, exit);
    if (refusedLine !== undefined) return result('AGENT_AUTHENTICATION_FAILED', values, refusedLine, exit);
    if (found !== undefined) return result(found.code, { ...values, ...found.values }, found.said, exit);
    const said = exit === undefined ? undefined : (errorLine(lines) ?? lastWords(lines));
    return result(otherwise, values, said, exit);
  };

  return {
    errorLine(line) {
      if (signs.isAuthenticationText(line)) refusedLine = line;
      lines.push(line);
      if (lines.length > MAX_LINES) lines.shift();
    },
    words(words, otherwise = 'AGENT_REPORTED_ERROR') {
      const found = look({ words });
      if (found !== undefined) return result(found.code, found.values, found.said ?? words[0]);
      const refused = words.some(signs.isAuthenticationText);
      return result(refused ? 'AGENT_AUTHENTICATION_FAILED' : otherwise, {}, words[0]);
    },
    silent(otherwise, values) {
      const host = unreached?.();
      const told = silent(otherwise, values);
      if (host === undefined || told.outcome !== 'failed' || told.error.code !== otherwise) return told;
      return result('PROVIDER_UNREACHABLE', { ...values, host }, undefined);
    },
    did(cause) {
      const { code, values } = ofCause(cause, { unreached: unreached?.() }, clock.now());
      return result(code, values, undefined);
    },
    exited(exit) {
      if (exit.startError !== undefined) lines.push(exit.startError);
      return silent('AGENT_EXITED', { status: describeExit(exit) }, exit);
    },
  };
}

function masked(values: ErrorValues, redact: (text: string) => string): ErrorValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );
}
