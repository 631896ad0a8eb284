/** So many crashes within so many milliseconds are a crash loop. */
export const BREAKER = { crashes: 5, window: 60_000 } as const;

/**
 * Counts a crash in. Crashes of the future (the clock was set back) are forgotten like those that are too old.
 * `crashes` are times in milliseconds since the epoch.
 */
export function countCrash(crashes: readonly number[], now: number): { crashes: readonly number[]; open: boolean } {
  const recent = crashes.filter((at) => at <= now && at > now - BREAKER.window);
  const counted = [...recent, now];
  return { crashes: counted, open: counted.length >= BREAKER.crashes };
}
