import type { EarlierFailures } from '../../boot/earlier-failures.ts';
import type { HandlersOf } from './namespace.ts';

export function bootHandlers(needs: { bootFailures: Pick<EarlierFailures, 'dismiss'> }): HandlersOf<'boot'> {
  return {
    'boot.dismiss': async () => {
      needs.bootFailures.dismiss();
      return {};
    },
  };
}
