import type { Leaks } from '../../upkeep/leaks/leaks.ts';
import type { HandlersOf } from './namespace.ts';

export function leakHandlers({ leaks }: { leaks: Pick<Leaks, 'dismiss'> }): HandlersOf<'leaks'> {
  return {
    'leaks.dismiss': async () => {
      leaks.dismiss();
      return {};
    },
  };
}
