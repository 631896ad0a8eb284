import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { parseBaseUrl } from './base-url.ts';
import { loadProviders } from './load.ts';
import { createProvider, type Provider, toProviderView } from './provider.ts';

export interface ProviderRegistry {
  /** In the order in which they are shown. */
  list(): ProviderView[];
  all(): Provider[];
  /** @throws PerchError PROVIDER_UNKNOWN */
  get(providerId: string): Provider;
  has(providerId: string): boolean;
  /** Providers that call this model their own. A string is taken whole: `vendor/model` is nobody's by its prefix. */
  ownersOfModel(model: string): string[];
  /** @throws PerchError PROVIDER_UNKNOWN, BASE_URL_INVALID */
  setBaseUrl(providerId: string, baseUrl: string): ProviderView;
  /** @throws PerchError PROVIDER_UNKNOWN */
  reset(providerId: string): ProviderView;
  /** Called after a provider's endpoint changed. */
  onChange(listener: (providerId: string) => void): () => void;
}

/** Where the user's own endpoints are kept. */
export interface BaseUrlStore {
  get(providerId: string): string | undefined;
  set(providerId: string, baseUrl: string): void;
  reset(providerId: string): void;
}

/** @throws Error naming the file and field when the registry's data is broken */
export function createProviderRegistry(options: { resourcesDir: string; baseUrls: BaseUrlStore }): ProviderRegistry {
  const { baseUrls } = options;
  const files = loadProviders(options.resourcesDir);
  const listeners = new Set<(providerId: string) => void>();

  const get = (providerId: string): Provider => {
    const file = files.get(providerId);
    if (file === undefined) throw unknown(providerId, files);
    return createProvider(providerId, file, baseUrls.get(providerId));
  };
  const all = () => [...files.keys()].map(get);
  const changed = (providerId: string): ProviderView => {
    for (const listener of listeners) listener(providerId);
    return toProviderView(get(providerId));
  };

  return {
    list: () => all().map(toProviderView),
    all,
    get,
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
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function unknown(providerId: string, files: ReadonlyMap<string, unknown>): PerchError {
  return new PerchError('PROVIDER_UNKNOWN', { providerId, known: [...files.keys()].join(', ') });
}
