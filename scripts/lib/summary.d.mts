export interface Total {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}
/** Takes the JSON reports of Vitest and Playwright; `undefined` where a runner left none. */
export function summarize(reports: { vitest: unknown; playwright: unknown }): Total;
