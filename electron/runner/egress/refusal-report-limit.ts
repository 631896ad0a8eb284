import type { RefusedHost } from '../../../shared/model/egress.ts';
import type { Clock } from '../../node/clock.ts';

/** Milliseconds in which the same refusal is told once. */
const SAME_MS = 60_000;
/**
 * Refusals that are reported in that time: an agent that tries a thousand names must not flood the log and the window.
 */
const MOST = 50;

/** True when a refusal is news; in another turn it is news again. */
export function createRefusalReportLimit(
  clock: Pick<Clock, 'now'>,
): (refused: RefusedHost, turnId: string | undefined) => boolean {
  const told = new Map<string, number>();
  return ({ host, port, reason }, turnId) => {
    const now = clock.now();
    for (const [key, at] of told) if (now - at >= SAME_MS) told.delete(key);
    const key = `${host}:${port} ${reason} ${turnId}`;
    if (told.has(key) || told.size >= MOST) return false;
    told.set(key, now);
    return true;
  };
}
