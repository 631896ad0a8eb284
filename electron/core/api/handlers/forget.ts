import type { ForgetService } from '../../upkeep/forget/forget-service.ts';
import type { HandlersOf } from './namespace.ts';

export function forgetHandlers({ forget }: { forget: ForgetService }): HandlersOf<'forget'> {
  return {
    'forget.list': async ({ target }) => ({ list: await forget.list(target) }),
    'forget.carryOut': async ({ target }) => ({ list: await forget.carryOut(target) }),
  };
}
