import type { ModelCatalog } from '../../providers/model-catalog.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import type { HandlersOf } from './namespace.ts';

export function providerHandlers({
  registry,
  models,
}: {
  registry: Pick<ProviderRegistry, 'list' | 'get' | 'setBaseUrl' | 'reset'>;
  models: ModelCatalog;
}): HandlersOf<'providers'> {
  return {
    'providers.list': async () => ({ providers: registry.list() }),
    'providers.models': async ({ providerId }) => ({ models: models.modelsOf(registry.get(providerId)) }),
    'providers.setBaseUrl': async ({ providerId, baseUrl }) => ({
      provider: registry.setBaseUrl(providerId, baseUrl),
    }),
    'providers.reset': async ({ providerId }) => ({ provider: registry.reset(providerId) }),
  };
}
