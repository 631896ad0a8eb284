import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Random } from '../../ports.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import { createAlarm } from '../alarm.ts';
import type { CredentialService } from '../credential-service.ts';
import type { CredentialRequest } from '../resolution.ts';
import { renewalRefused, requestRenewedTokens } from './renewed-tokens.ts';
import type { RenewedTokens } from './renewing.ts';
import { dueAt, isNeededNow, isOver, retryAt } from './schedule.ts';
import type { RequestTokens } from './token-request.ts';

/** Milliseconds that a request may still take when the core ends; its answer may be the only token there is. */
const LAST_WORDS_MS = 4000;

export interface Renewer {
  /**
   * Asks the server now, whatever the next try was set to. Who asks while it is being asked gets the same answer.
   * @throws PerchError NOT_FOUND, RENEWAL_FAILED, RENEWAL_REFUSED, CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  renew(credentialId: string): Promise<CredentialView>;
  /**
   * Renews what a session that starts now would get and that is expired or about to be. Never rejects: what failed is
   * told with the credential, and the chain decides with what there is.
   */
  freshen(request: CredentialRequest): Promise<void>;
  /** Finishes and stores the request that is under way; begins no new one. */
  stop(): Promise<void>;
}

/**
 * Renews credentials before their end, each by one request at a time. There is one core to a data directory, and so
 * one renewer, whichever doors are open.
 */
export function createRenewer(options: {
  credentials: Pick<
    CredentialService,
    'renewables' | 'refreshToken' | 'renewed' | 'renewalFailed' | 'inReach' | 'health' | 'onChange'
  >;
  requestTokens: RequestTokens;
  clock: Clock;
  random: Pick<Random, 'fraction'>;
  log: Pick<LogWriter, 'write'>;
}): Renewer {
  const { credentials, requestTokens, clock, random, log } = options;
  const running = new Map<string, Promise<CredentialView>>();
  /** Given by a server, and not stored yet: the keychain did not take it. */
  const arrived = new Map<string, RenewedTokens>();
  const failures = new Map<string, number>();
  /** Drawn once for each credential, or the alarm would move whenever anything changes. */
  const fractions = new Map<string, number>();
  const end = new AbortController();
  const request = { credentials, requestTokens, clock, signal: end.signal };
  let stopped = false;

  const alarm = createAlarm({ clock, ring: renewDue });
  const stopListening = credentials.onChange(setAlarm);
  setAlarm();

  /** Not in a keychain that is not known to be open: reading would ask the user to open it, out of the blue. */
  function due(): { credentialId: string; at: number }[] {
    const open = credentials.health().state === 'available';
    return credentials.renewables().flatMap(({ credential }) => {
      const { credentialId, storage } = credential;
      if ((storage === 'keychain' && !open) || running.has(credentialId)) return [];
      const fraction = fractions.get(credentialId) ?? random.fraction();
      fractions.set(credentialId, fraction);
      const at = dueAt(credential, fraction);
      return at === undefined ? [] : [{ credentialId, at }];
    });
  }

  function setAlarm(): void {
    if (stopped) return;
    const times = due().map(({ at }) => at);
    alarm.set(times.length === 0 ? undefined : Math.min(...times));
  }

  function renewDue(): void {
    const now = clock.now();
    // The credential carries the failure of its renewal.
    for (const { credentialId, at } of due()) if (at <= now) renewOnce(credentialId).catch(() => {});
    setAlarm();
  }

  function renewOnce(credentialId: string): Promise<CredentialView> {
    const already = running.get(credentialId);
    if (already !== undefined) return already;
    if (stopped) return Promise.reject(new PerchError('NOT_FOUND'));
    const attempt = renewNow(credentialId).finally(() => {
      running.delete(credentialId);
      setAlarm();
    });
    running.set(credentialId, attempt);
    return attempt;
  }

  async function renewNow(credentialId: string): Promise<CredentialView> {
    const renewable = credentials.renewables().find(({ credential }) => credential.credentialId === credentialId);
    if (renewable === undefined) throw new PerchError('NOT_FOUND');
    const { credential } = renewable;
    if (isOver(credential)) throw renewalRefused(credential);
    try {
      const tokens = arrived.get(credentialId) ?? (await requestRenewedTokens(renewable, request));
      arrived.set(credentialId, tokens);
      const renewed = await credentials.renewed(credentialId, tokens);
      for (const known of [arrived, failures, fractions]) known.delete(credentialId);
      if (renewed === undefined) throw new PerchError('NOT_FOUND');
      log.write({ level: 'info', source: 'credentials', message: `${credential.variable} was renewed` });
      return renewed;
    } catch (error) {
      fail(credential, error);
      throw error;
    }
  }

  function fail({ credentialId, variable }: CredentialView, error: unknown): void {
    const code = error instanceof PerchError ? error.code : 'INTERNAL';
    if (stopped || code === 'NOT_FOUND') return;
    log.write({ level: 'warn', source: 'credentials', message: `${variable} was not renewed: ${code}` });
    const count = (failures.get(credentialId) ?? 0) + 1;
    failures.set(credentialId, count);
    const nextTryAt = retryAt({ now: clock.now(), failures: count, fraction: random.fraction() });
    credentials.renewalFailed(credentialId, {
      error: toWireError(error),
      ...(code === 'RENEWAL_REFUSED' ? {} : { nextTryAt }),
    });
  }

  return {
    renew: renewOnce,
    async freshen(request) {
      const now = clock.now();
      const needed = credentials.inReach(request).filter((credential) => isNeededNow(credential, now));
      await Promise.allSettled(needed.map(({ credentialId }) => renewOnce(credentialId)));
    },
    async stop() {
      stopped = true;
      alarm.set(undefined);
      stopListening();
      const stopTimer = clock.after(LAST_WORDS_MS, () => end.abort());
      await Promise.allSettled(running.values());
      stopTimer();
    },
  };
}
