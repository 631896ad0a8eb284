import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { LoginPhase, LoginView } from '../../../../shared/model/login.ts';
import type { Clock } from '../../../node/clock.ts';
import { errorOf } from '../../keychain/keyring-error.ts';
import type { Fetch } from '../../network/fetch.ts';
import type { Random } from '../../ports.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Login } from '../../providers/schema.ts';
import type { CredentialService } from '../credential-service.ts';
import { browserFlow } from './browser-flow.ts';
import { deviceFlow } from './device-flow.ts';
import type { CallbackText, Flow, FlowOptions } from './flow.ts';
import { createRequest } from './request.ts';

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

type Credentials = Pick<CredentialService, 'setRenewable' | 'checkHealth'>;

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
export function createLoginService(options: {
  registry: { get(providerId: string): Provider };
  credentials: Credentials;
  clock: Clock;
  random: Random;
  fetch: Fetch;
  /** Masks a value in all that Perch writes; returns the way to take that back. */
  mask: (value: string) => () => void;
  page: () => CallbackText;
}): LoginService {
  const { registry, credentials, clock, random, fetch, mask, page } = options;
  const entries = new Map<string, Entry>();
  const listeners = createListeners();
  const changed = () => {
    listeners.notify();
  };

  const setPhase = (entry: Entry, phase: LoginPhase) => {
    if (entry.view === undefined) return;
    entry.view = { ...entry.view, phase };
    changed();
  };

  const begin = async (entry: Entry, params: Params<'logins.start'>): Promise<{ flow: Flow; view: LoginView }> => {
    const provider = registry.get(params.providerId);
    const { login, clientId } = loginOf(provider);
    if (params.storage === 'keychain') await keychainWorks(credentials);
    const { signal } = entry.aborter;
    signal.throwIfAborted();
    const flow = await startFlow(login, {
      provider: provider.name,
      clientId,
      clock,
      request: createRequest({ clock, signal, provider: provider.name, fetch }),
      signal,
      mask: (value) => void (value !== '' && entry.unmask.push(mask(value))),
      page,
    });
    signal.throwIfAborted();
    const { variable } = login;
    return { flow, view: { loginId: random.uuid(), ...params, variable, phase: flow.shown } };
  };

  const finish = async (entry: Entry, { flow, view }: { flow: Flow; view: LoginView }): Promise<void> => {
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
        const begun = await begin(entry, params);
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

function startFlow(login: Login, options: FlowOptions): Promise<Flow> {
  return login.flow === 'browser' ? browserFlow(login, options) : deviceFlow(login, options);
}

/** @throws PerchError SIGN_IN_NOT_OFFERED, SIGN_IN_CLIENT_ID_MISSING */
function loginOf({ providerId, name, login, loginClientId }: Provider): {
  login: Login;
  clientId: string | undefined;
} {
  if (login === undefined) throw new PerchError('SIGN_IN_NOT_OFFERED', { provider: name });
  if (login.flow === 'browser' && login.form === 'key-for-code') return { login, clientId: undefined };
  const clientId = loginClientId ?? login.clientId;
  if (clientId === undefined) {
    throw new PerchError('SIGN_IN_CLIENT_ID_MISSING', { provider: name, providerId, page: login.registerPage ?? '' });
  }
  return { login, clientId };
}

/** A token that cannot be kept is not requested: the provider would count one that is lost. */
async function keychainWorks(credentials: Credentials): Promise<void> {
  const problem = errorOf(await credentials.checkHealth());
  if (problem !== undefined) throw problem;
}

function cancelled(): PerchError {
  return new PerchError('SIGN_IN_CANCELLED');
}
