import type { Catalog, ModelCatalog } from '../../providers/model-catalog.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import type { HandlersOf } from './namespace.ts';

export function providerHandlers({
  registry,
  models,
  refreshModels,
}: {
  registry: Pick<ProviderRegistry, 'list' | 'get' | 'setBaseUrl' | 'setLoginClientId' | 'reset'>;
  models: ModelCatalog;
  refreshModels: () => Promise<Catalog>;
}): HandlersOf<'providers'> {
  return {
    'providers.list': async () => ({ providers: registry.list() }),
    'providers.models': async ({ providerId }) => ({ models: models.modelsOf(registry.get(providerId)) }),
    'providers.modelsSource': async () => {
      const about = models.about();
      return about === undefined ? {} : { source: sourceOf(about) };
    },
    'providers.refreshModels': async () => ({ source: sourceOf(await refreshModels()) }),
    'providers.setBaseUrl': async ({ providerId, baseUrl }) => ({
      provider: registry.setBaseUrl(providerId, baseUrl),
    }),
    'providers.setLoginClientId': async ({ providerId, clientId }) => ({
      provider: registry.setLoginClientId(providerId, clientId),
    }),
    'providers.reset': async ({ providerId }) => ({ provider: registry.reset(providerId) }),
  };
}

function sourceOf({ source, date, origin }: Omit<Catalog, 'providers'>) {
  return { source, date, origin };
}
