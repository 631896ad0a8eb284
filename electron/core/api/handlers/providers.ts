import type { ProviderRegistry } from '../../providers/registry.ts';
import type { HandlersOf } from './namespace.ts';

export function providerHandlers(
  registry: Pick<ProviderRegistry, 'list' | 'setBaseUrl' | 'reset'>,
): HandlersOf<'providers'> {
  return {
    'providers.list': async () => ({ providers: registry.list() }),
    'providers.setBaseUrl': async ({ providerId, baseUrl }) => ({
      provider: registry.setBaseUrl(providerId, baseUrl),
    }),
    'providers.reset': async ({ providerId }) => ({ provider: registry.reset(providerId) }),
  };
}
