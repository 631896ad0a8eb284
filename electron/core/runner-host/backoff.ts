/** Milliseconds. The first wait is under 200, so that a crash is healed before it is noticed. */
const BASE = 200;
const CAP = 15_000;

/**
 * How long to wait before attempt number `attempt` (1 is the first after a crash): full jitter over a limit that
 * doubles. `fraction` is random, 0 ≤ x < 1.
 */
export function backoffDelay(attempt: number, fraction: number): number {
  // 2 ** attempt would be infinite after a long night of attempts, and infinity times zero is no number.
  const limit = Math.min(CAP, BASE * 2 ** Math.min(attempt - 1, 30));
  return Math.round(limit * fraction);
}
