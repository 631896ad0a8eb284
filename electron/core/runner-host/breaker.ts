/** So many crashes within so many milliseconds are a crash loop. */
export const BREAKER = { crashes: 5, window: 60_000 } as const;

/**
 * The crashes that still count. Crashes in the future (the clock was set back) are forgotten like those that are too
 * old.
 */
export function recentCrashes(crashes: readonly number[], now: number): readonly number[] {
  return crashes.filter((at) => at <= now && at > now - BREAKER.window);
}

/** Counts a crash in. `crashes` are times in milliseconds since the epoch. */
export function countCrash(crashes: readonly number[], now: number): { crashes: readonly number[]; open: boolean } {
  const counted = [...recentCrashes(crashes, now), now];
  return { crashes: counted, open: counted.length >= BREAKER.crashes };
}
