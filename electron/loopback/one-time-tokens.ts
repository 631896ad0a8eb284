import { createHash, randomBytes } from 'node:crypto';

/** Milliseconds in which an address that was printed can be opened. */
const TOKEN_LIFE_MS = 10 * 60 * 1000;
/** Unused tokens that are kept; asking for more forgets the oldest. */
const MAX_TOKENS = 20;

export interface OneTimeTokens {
  /** 256 random bits, safe in a URL. */
  issue(): string;
  /** True once for a token that was issued and is not older than its life. */
  redeem(token: string): boolean;
}

export function createOneTimeTokens(clock: { now(): number }): OneTimeTokens {
  /** By hash: how long a look-up takes says nothing of the token. */
  const expiresAt = new Map<string, number>();
  return {
    issue() {
      const token = randomBytes(32).toString('base64url');
      expiresAt.set(hashOf(token), clock.now() + TOKEN_LIFE_MS);
      forgetOldest(expiresAt, MAX_TOKENS);
      return token;
    },
    redeem(token) {
      const hash = hashOf(token);
      const expires = expiresAt.get(hash);
      expiresAt.delete(hash);
      return expires !== undefined && clock.now() < expires;
    },
  };
}

/** Browsers that may remain signed in at once; one more signs the oldest out. */
const MAX_BROWSERS = 50;

/** Browsers that redeemed a token. They are signed in until Perch ends. */
export interface SignedInBrowsers {
  /** A new cookie's value. */
  signIn(): string;
  has(cookie: string): boolean;
}

export function createSignedInBrowsers(): SignedInBrowsers {
  const hashes = new Set<string>();
  return {
    signIn() {
      const cookie = randomBytes(32).toString('base64url');
      hashes.add(hashOf(cookie));
      forgetOldest(hashes, MAX_BROWSERS);
      return cookie;
    },
    has: (cookie) => hashes.has(hashOf(cookie)),
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** Maps and sets keep the order of insertion. */
function forgetOldest(
  kept: { size: number; keys(): Iterable<string>; delete(key: string): boolean },
  max: number,
): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= max) return;
    kept.delete(oldest);
  }
}
