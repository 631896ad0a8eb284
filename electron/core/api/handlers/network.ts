import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import type { LoginShell } from '../../machine/login-shell/ask.ts';
import { checkNetwork } from '../../network/check.ts';
import { detectNetwork } from '../../network/detect.ts';
import type { Fetch } from '../../network/fetch.ts';
import type { NetworkService } from '../../network/network-service.ts';
import { toProviderView } from '../../providers/provider.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import type { HandlersOf } from './namespace.ts';

export function networkHandlers({
  network,
  fetch,
  registry,
  loginShell,
  clock,
}: {
  network: NetworkService;
  fetch: Fetch;
  registry: Pick<ProviderRegistry, 'get'>;
  loginShell: LoginShell;
  clock: Pick<Clock, 'after'>;
}): HandlersOf<'network'> {
  return {
    'network.get': async () => ({ network: network.view() }),
    'network.setProxy': async (params) => ({ network: await network.setProxy(params) }),
    'network.removeProxy': async () => ({ network: await network.removeProxy() }),
    'network.setCertificates': async (params) => ({ network: network.setCertificates(params) }),
    'network.removeCertificates': async () => ({ network: network.removeCertificates() }),
    async 'network.detect'() {
      const { shown, password } = await detectNetwork(loginShell);
      const { proxy } = shown;
      network.remember(proxy && password !== undefined ? { userName: undefined, ...proxy, password } : undefined);
      return shown;
    },
    async 'network.check'({ providerId }) {
      const { baseUrl } = toProviderView(registry.get(providerId));
      // A variable completes this endpoint, and the variable is not set.
      if (baseUrl === undefined) throw new PerchError('NOT_FOUND', { what: 'address of the provider' });
      return checkNetwork(baseUrl, { network, fetch, clock });
    },
  };
}
