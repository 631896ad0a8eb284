import type { Recoveries } from '../../storage/database/recovery/recoveries.ts';
import type { HandlersOf } from './namespace.ts';

export function recoveryHandlers({ recoveries }: { recoveries: Recoveries }): HandlersOf<'recovery'> {
  return {
    'recovery.dismiss': async () => {
      recoveries.dismiss();
      return {};
    },
    'recovery.reveal': async () => ({ revealed: await recoveries.reveal() }),
  };
}
