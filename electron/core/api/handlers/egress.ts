import type { EgressService } from '../../runner-host/egress.ts';
import type { HandlersOf } from './namespace.ts';

export function egressHandlers({ egress }: { egress: EgressService }): HandlersOf<'egress'> {
  return {
    'egress.list': async () => egress.state(),
    'egress.allow': async (params) => ({ allowed: await egress.allow(params) }),
    'egress.remove': async (params) => ({ removed: await egress.remove(params) }),
    'egress.dismiss': async () => {
      egress.dismiss();
      return {};
    },
  };
}
