import { PerchError } from '../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../shared/listeners.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { parseBaseUrl } from './base-url.ts';
import { loadProviders } from './load.ts';
import { createProvider, type Provider, toProviderView } from './provider.ts';
import { clientIdSchema } from './schema.ts';

export interface ProviderRegistry {
  /** In the order in which they are shown. */
  list(): ProviderView[];
  all(): Provider[];
  /** @throws PerchError PROVIDER_UNKNOWN */
  get(providerId: string): Provider;
  has(providerId: string): boolean;
  /** At an address that a project names; the user's own endpoint comes first. @throws PerchError PROVIDER_UNKNOWN */
  at(providerId: string, baseUrl: string): Provider;
  /** Providers that call this model their own. A string is taken whole: the prefix of `vendor/model` names no owner. */
  ownersOfModel(model: string): string[];
  /** @throws PerchError PROVIDER_UNKNOWN, BASE_URL_INVALID */
  setBaseUrl(providerId: string, baseUrl: string): ProviderView;
  /** @throws PerchError PROVIDER_UNKNOWN */
  reset(providerId: string): ProviderView;
  /**
   * The OAuth client of a sign-in; empty: the registry's again.
   * @throws PerchError PROVIDER_UNKNOWN, SIGN_IN_NOT_OFFERED, SIGN_IN_CLIENT_ID_INVALID
   */
  setLoginClientId(providerId: string, clientId: string): ProviderView;
  /** Called after a provider's endpoint or client changed. */
  onChange(listener: (providerId: string) => void): () => void;
}

/** Where the user's own endpoints are kept. */
export interface BaseUrlStore {
  get(providerId: string): string | undefined;
  set(providerId: string, baseUrl: string): void;
  reset(providerId: string): void;
}

/** Where the user's own OAuth clients are kept. */
interface LoginClientStore {
  get(providerId: string): string | undefined;
  /** Undefined: none of the user's own. */
  set(providerId: string, clientId: string | undefined): void;
}

/** @throws Error naming the file and field when the registry's data is broken */
export function createProviderRegistry(options: {
  resourcesDir: string;
  baseUrls: BaseUrlStore;
  loginClients?: LoginClientStore;
}): ProviderRegistry {
  const { baseUrls, loginClients } = options;
  const files = loadProviders(options.resourcesDir);
  const listeners = createListeners<[providerId: string]>();

  const at = (providerId: string, baseUrl: string | undefined): Provider => {
    const file = files.get(providerId);
    if (file === undefined) throw unknown(providerId, files);
    return createProvider(providerId, file, {
      baseUrl: baseUrls.get(providerId) ?? baseUrl,
      loginClientId: loginClients?.get(providerId),
    });
  };
  const get = (providerId: string) => at(providerId, undefined);
  const all = () => [...files.keys()].map(get);
  const changed = (providerId: string): ProviderView => {
    listeners.notify(providerId);
    return toProviderView(get(providerId));
  };

  return {
    list: () => all().map(toProviderView),
    all,
    get,
    at,
    has: (providerId) => files.has(providerId),
    ownersOfModel: (model) =>
      all()
        .filter((provider) => provider.ownsModel(model))
        .map((provider) => provider.providerId),
    setBaseUrl(providerId, baseUrl) {
      get(providerId);
      baseUrls.set(providerId, parseBaseUrl(baseUrl));
      return changed(providerId);
    },
    reset(providerId) {
      get(providerId);
      baseUrls.reset(providerId);
      return changed(providerId);
    },
    setLoginClientId(providerId, clientId) {
      const view = toProviderView(get(providerId));
      if (view.login?.takesClientId !== true) throw new PerchError('SIGN_IN_NOT_OFFERED', { provider: view.name });
      const trimmed = clientId.trim();
      if (trimmed !== '' && !clientIdSchema.safeParse(trimmed).success) {
        throw new PerchError('SIGN_IN_CLIENT_ID_INVALID', { provider: view.name });
      }
      loginClients?.set(providerId, trimmed === '' ? undefined : trimmed);
      return changed(providerId);
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function unknown(providerId: string, files: ReadonlyMap<string, unknown>): PerchError {
  return new PerchError('PROVIDER_UNKNOWN', { providerId, known: [...files.keys()].join(', ') });
}
