const SECOND = 1000;
/** Longer waits are told as a time of day. */
const COUNTED_MS = 60 * 60 * SECOND;

type RetryWait =
  | { readonly kind: 'none' }
  | { readonly kind: 'soon'; readonly ms: number }
  | { readonly kind: 'later'; readonly at: number };

/** How long another try has to wait. Whole seconds, rounded up: at `0 s` it would still fail. */
export function retryWait(resetAt: number | undefined, now: number): RetryWait {
  if (resetAt === undefined || resetAt <= now) return { kind: 'none' };
  if (resetAt - now > COUNTED_MS) return { kind: 'later', at: resetAt };
  return { kind: 'soon', ms: Math.ceil((resetAt - now) / SECOND) * SECOND };
}
