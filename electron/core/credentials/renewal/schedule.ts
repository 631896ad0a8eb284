import type { CredentialView } from '../../../../shared/model/credential.ts';

/** Milliseconds before the end at which renewing begins, at most; of a short life a tenth. */
const AHEAD_MS = 5 * 60_000;
const SHARE = 0.1;
/** So much earlier, at random: not every installation asks at the same moment. */
const SPREAD = 0.5;

const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 10 * 60_000;

type Living = Pick<CredentialView, 'expiresAt' | 'updatedAt' | 'renewal'>;

/** How long before its end it has to be renewed; it began when it was stored. */
function aheadOf({ expiresAt = 0, updatedAt }: Living): number {
  return Math.min(AHEAD_MS, Math.max(0, expiresAt - updatedAt) * SHARE);
}

/** The server renews it no more. */
export function isOver({ renewal }: Pick<CredentialView, 'renewal'>): boolean {
  return renewal?.state === 'failed' && renewal.nextTryAt === undefined;
}

/** When it is to be renewed in the background. Undefined: not at all. `fraction` is random, 0 ≤ x < 1. */
export function dueAt(credential: Living, fraction: number): number | undefined {
  const { expiresAt, renewal } = credential;
  if (renewal === undefined || isOver(credential)) return undefined;
  if (renewal.nextTryAt !== undefined) return renewal.nextTryAt;
  return expiresAt === undefined ? undefined : expiresAt - aheadOf(credential) * (1 + SPREAD * fraction);
}

/**
 * True when a session should not start with the credential as it is. A credential that is still valid waits for its
 * next try.
 */
export function isNeededNow(credential: Living, now: number): boolean {
  const { expiresAt, renewal } = credential;
  if (renewal === undefined || expiresAt === undefined || isOver(credential)) return false;
  if (expiresAt <= now) return true;
  return expiresAt - aheadOf(credential) <= now && (renewal.nextTryAt ?? 0) <= now;
}

/** When to try again after failure number `failures`: a wait that doubles, and of it a half to the whole. */
export function retryAt({ now, failures, fraction }: { now: number; failures: number; fraction: number }): number {
  // Infinity would come of too many, and be no time.
  const limit = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20));
  return now + Math.round(limit * (0.5 + 0.5 * fraction));
}
