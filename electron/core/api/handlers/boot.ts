import type { ToldFailures } from '../../boot/told-failures.ts';
import type { HandlersOf } from './namespace.ts';

export function bootHandlers(needs: { bootFailures: Pick<ToldFailures, 'dismiss'> }): HandlersOf<'boot'> {
  return {
    'boot.dismiss': async () => {
      needs.bootFailures.dismiss();
      return {};
    },
  };
}
