import type { Cause } from '../../../../shared/errors/causes.ts';
import type { FailureSigns } from '../../../../shared/runner-protocol/protocol.ts';
import type { CauseRow } from '../../causes/rows.ts';
import { beginningOf } from './beginning-of.ts';

/** An agent's failure signs, ready to test. Every test is on the whole text without the space around it. */
export interface Signs {
  isErrorText(text: string): boolean;
  /** More of the text may make it an error: an agent that streams says its error in pieces. */
  mayBecomeErrorText(text: string): boolean;
  isAuthenticationText(text: string): boolean;
  isRemark(text: string): boolean;
  /** A tool failed because the agent itself did not let it run. */
  isRefusedTool(text: string): boolean;
  /** A line of its log that is no news. */
  isNoise(line: string): boolean;
  /** The provider's sentence, when the line tells of a refused request that the agent repeats. */
  refusedRequest(line: string): string | undefined;
  /** So many answers that came to nothing are this cause; undefined for an agent that ends its turn then. */
  readonly unfinished: { readonly answers: number; readonly cause: Cause } | undefined;
  /** A tool failed because its call did not come whole. */
  isAbortedTool(text: string): boolean;
  /** This agent's own words for why it failed. */
  readonly causes: readonly CauseRow[];
}

/**
 * The patterns see no more than this: an error is a sentence, and an answer of a megabyte must not cost a
 * backtracking pattern its time.
 */
const MAX_SIGN_CHARS = 20_000;
/** An answer that begins like an error is held back no longer than this: the person wants to see it grow. */
const MAX_BEGINNING_CHARS = 4_000;

/** @throws SyntaxError when a pattern is no regular expression */
export function compileSigns(signs: FailureSigns): Signs {
  const test = (sources: readonly string[]): ((text: string) => boolean) => {
    const patterns = sources.map((source) => new RegExp(source, 'u'));
    return (text) => {
      const trimmed = text.trim();
      if (trimmed === '' || trimmed.length > MAX_SIGN_CHARS) return false;
      return patterns.some((pattern) => pattern.test(trimmed));
    };
  };
  const beginnings = signs.errorTexts.map(beginningOf).filter((pattern) => pattern !== undefined);
  const retries = (signs.retryTexts ?? []).map((source) => new RegExp(source, 'u'));
  return {
    causes: causeRows(signs),
    isErrorText: test(signs.errorTexts),
    mayBecomeErrorText(text) {
      if (text.length > MAX_BEGINNING_CHARS) return false;
      const begun = text.trimStart();
      return beginnings.some((pattern) => pattern.test(begun));
    },
    isAuthenticationText: test(signs.authenticationTexts),
    isRemark: test(signs.ignoredTexts),
    isRefusedTool: test(signs.refusedToolTexts ?? []),
    isNoise: test(signs.noiseTexts ?? []),
    unfinished: signs.unfinished,
    isAbortedTool: test(signs.unfinished?.abortedTools ?? []),
    refusedRequest(line) {
      if (line.length > MAX_SIGN_CHARS) return undefined;
      for (const pattern of retries) {
        const found = pattern.exec(line);
        if (found !== null) return found.groups?.sentence ?? line.trim();
      }
      return undefined;
    },
  };
}

/** @throws SyntaxError when a pattern is no regular expression */
export function causeRows({ causes = [] }: FailureSigns): CauseRow[] {
  return causes.map(({ cause, text }) => ({ cause, pattern: new RegExp(text, 'u') }));
}
