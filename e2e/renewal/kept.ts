import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type CredentialService, createCredentialService } from '../../electron/core/credentials/credential-service.ts';
import { createRenewer, type Renewer } from '../../electron/core/credentials/renewal/renewer.ts';
import { createTokenRequest, type RequestTokens } from '../../electron/core/credentials/renewal/token-request.ts';
import { directFetch } from '../../electron/core/network/testing/direct-fetch.ts';
import type { Keychain } from '../../electron/core/ports.ts';
import { createProviderRegistry } from '../../electron/core/providers/registry.ts';
import { type Database, openDatabase } from '../../electron/core/storage/database/database.ts';
import type { Clock } from '../../electron/node/clock.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';

/** Time that stands still until it is moved. */
export interface TestClock extends Clock {
  /** Everything that falls due on the way is called at its own time. */
  moveTo(at: number): void;
}

export function createTestClock(start: number): TestClock {
  let now = start;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    moveTo(at) {
      for (;;) {
        const next = timers.filter((timer) => timer.at <= at).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = at;
    },
  };
}

/** What outlives a process: the database and the keychain. */
export interface Kept {
  readonly database: Database;
  readonly items: Map<string, string>;
}

export function createKept(clock: Clock): Kept {
  const random = { uuid: () => randomUUID(), fraction: () => 0 };
  return { database: openDatabase({ file: ':memory:', clock, random }), items: new Map() };
}

export interface Core {
  readonly credentials: CredentialService;
  readonly renewer: Renewer;
  readonly logged: string[];
}

/** `dieAt`: the process ends at that call to the keychain (1 is the first), before or after it did what it was told. */
interface Life {
  readonly kept: Kept;
  readonly clock: Clock;
  readonly dieAt?: { readonly call: number; readonly when: 'before' | 'after' };
  readonly requestTokens?: RequestTokens;
  readonly locked?: () => boolean;
}

/** A core's part of it, over what an earlier one may have left. */
export async function startCore({
  kept,
  clock,
  dieAt,
  requestTokens,
  locked,
}: Life): Promise<Core & { died: () => boolean }> {
  let calls = 0;
  let dead = false;
  const through = async <T>(work: () => T): Promise<T> => {
    if (locked?.()) throw new PerchError('KEYCHAIN_LOCKED');
    calls += 1;
    const dies = dead || calls === dieAt?.call;
    if (dies && (dead || dieAt?.when === 'before')) {
      dead = true;
      return await new Promise<never>(() => {});
    }
    const done = work();
    if (!dies) return done;
    dead = true;
    return await new Promise<never>(() => {});
  };
  const { items } = kept;
  const keychain: Keychain = {
    store: 'Secret Service',
    get: (account) => through(() => items.get(account) ?? null),
    set: (account, value) => through(() => void items.set(account, value)),
    delete: (account) => through(() => items.delete(account)),
    list: () => through(() => [...items.keys()]),
    check: async () => (locked?.() ? { state: 'locked' } : { state: 'available', store: 'Secret Service' }),
  };
  const random = { uuid: () => randomUUID(), fraction: () => 0 };
  const registry = createProviderRegistry({
    resourcesDir: join(import.meta.dirname, '../../resources'),
    baseUrls: { get: () => undefined, set: () => {}, reset: () => {} },
  });
  const logged: string[] = [];
  const credentials = createCredentialService({ database: kept.database, keychain, registry, clock, random });
  await credentials.checkHealth();
  const renewer = createRenewer({
    credentials,
    requestTokens: requestTokens ?? createTokenRequest({ clock: { after: () => () => {} }, fetch: directFetch }),
    clock,
    random,
    log: {
      write({ message }) {
        logged.push(message);
        return { log: 'core', segment: 0, offset: 0 };
      },
    },
  });
  return { credentials, renewer, logged, died: () => dead };
}
