import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { LoginPhase, LoginView } from '../../../../shared/model/login.ts';
import type { CredentialService } from '../credential-service.ts';
import { type BegunLogin, beginLogin, type LoginParts } from './begin-login.ts';

export interface LoginService {
  /**
   * @throws PerchError PROVIDER_UNKNOWN, SIGN_IN_NOT_OFFERED, SIGN_IN_CLIENT_ID_MISSING, SIGN_IN_PORT_TAKEN,
   * SIGN_IN_UNREACHABLE, SIGN_IN_REFUSED, SIGN_IN_CANCELLED, KEYCHAIN_*
   */
  start(params: Params<'logins.start'>): Promise<Result<'logins.start'>>;
  /** @throws PerchError NOT_FOUND */
  cancel(params: Params<'logins.cancel'>): void;
  list(): LoginView[];
  /** Cancels all; a token that is being stored is stored first. */
  dispose(): Promise<void>;
  onChange(listener: () => void): () => void;
}

interface Entry {
  readonly aborter: AbortController;
  /** Absent until the provider's page is known. */
  view?: LoginView;
  isStoring: boolean;
  readonly unmask: (() => void)[];
  /** Never rejects. */
  finished: Promise<void>;
}

/**
 * Sign-ins at providers, one per provider at a time. A token goes from the provider to the keychain, and nowhere else.
 */
export function createLoginService(
  options: LoginParts & {
    credentials: Pick<CredentialService, 'setRenewable' | 'checkHealth'>;
    /** Masks a value in all that Perch writes; returns the way to take that back. */
    mask: (value: string) => () => void;
  },
): LoginService {
  const { registry, credentials, clock, mask } = options;
  const entries = new Map<string, Entry>();
  const listeners = createListeners();
  const changed = () => {
    listeners.notify();
  };

  const maskUntilOver = (entry: Entry, value: string) => {
    if (value !== '') entry.unmask.push(mask(value));
  };

  const setPhase = (entry: Entry, phase: LoginPhase) => {
    if (entry.view === undefined) return;
    entry.view = { ...entry.view, phase };
    changed();
  };

  const finish = async (entry: Entry, { flow, view }: BegunLogin): Promise<void> => {
    const { providerId, variable, scope, account, storage } = view;
    const provider = registry.get(providerId).name;
    const stopTimer = clock.after(Math.max(0, flow.shown.expiresAt - clock.now()), () =>
      entry.aborter.abort(new PerchError('SIGN_IN_TIMED_OUT', { provider })),
    );
    try {
      const granted = await flow.token(() => setPhase(entry, { state: 'exchanging' }));
      entry.aborter.signal.throwIfAborted();
      entry.isStoring = true;
      const named = account === undefined ? {} : { account };
      const { credential } = await credentials.setRenewable({
        ...{ providerId, variable, scope, ...named, storage },
        ...granted,
      });
      setPhase(entry, { state: 'done', credentialId: credential.credentialId });
    } catch (error) {
      const cancelled = error instanceof PerchError && error.code === 'SIGN_IN_CANCELLED';
      setPhase(entry, cancelled ? { state: 'cancelled' } : { state: 'failed', error: toWireError(error) });
    } finally {
      entry.isStoring = false;
      stopTimer();
      over(entry);
    }
  };

  /** In the next turn of the event loop: who hears of it now may still write about it. */
  const over = (entry: Entry) => {
    if (!entry.aborter.signal.aborted) entry.aborter.abort(cancelled());
    setImmediate(() => {
      for (const unmask of entry.unmask.splice(0)) unmask();
    });
  };

  const stop = (entry: Entry) => {
    if (!entry.isStoring && !entry.aborter.signal.aborted) entry.aborter.abort(cancelled());
  };

  return {
    async start(params) {
      const { providerId } = params;
      const before = entries.get(providerId);
      const entry: Entry = {
        aborter: new AbortController(),
        isStoring: false,
        unmask: [],
        finished: Promise.resolve(),
      };
      entries.set(providerId, entry);
      if (before !== undefined) {
        stop(before);
        await before.finished; // its port is free again
      }
      try {
        const flowParts = { signal: entry.aborter.signal, mask: (value: string) => maskUntilOver(entry, value) };
        const begun = await beginLogin(params, flowParts, options);
        entry.view = begun.view;
        entry.finished = finish(entry, begun);
        changed();
        return { login: begun.view };
      } catch (error) {
        over(entry);
        if (entries.get(providerId) === entry) entries.delete(providerId);
        changed();
        throw error;
      }
    },
    cancel({ loginId }) {
      const found = [...entries].find(([, { view }]) => view?.loginId === loginId);
      if (found === undefined) throw new PerchError('NOT_FOUND');
      const [providerId, entry] = found;
      if (entry.aborter.signal.aborted) {
        entries.delete(providerId);
        changed();
      } else stop(entry);
    },
    list: () => [...entries.values()].flatMap(({ view }) => view ?? []),
    async dispose() {
      for (const entry of entries.values()) stop(entry);
      await Promise.all([...entries.values()].map(({ finished }) => finished));
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function cancelled(): PerchError {
  return new PerchError('SIGN_IN_CANCELLED');
}
