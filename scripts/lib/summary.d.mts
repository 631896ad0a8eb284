export interface Total {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}
/** Takes the JSON reports of Vitest, Playwright and the escape suite; `undefined` where a runner left none. */
export function summarize(reports: { vitest: unknown; playwright: unknown; escapes: unknown }): Total;

/** The reason that tests of the long form give. */
export const LONG_ONLY: string;
