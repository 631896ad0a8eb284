import { type CoreHandlers, contract, type MethodName } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Served } from '../connection.ts';
import { createStateHub } from '../state-hub.ts';
import { emptyState } from './state.ts';

/** For tests of doors: a core whose handlers are the given ones, and for the others a refusal that counts the call. */
export function servedApp(given: Partial<CoreHandlers> = {}) {
  const calls: { method: string; params: unknown }[] = [];
  const lines: string[] = [];
  const names = (Object.keys(contract) as MethodName[]).filter((name) => name !== 'events.subscribe');
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      async (params: unknown, caller: unknown) => {
        calls.push({ method: name, params });
        const handler = given[name as keyof CoreHandlers] as ((...args: unknown[]) => Promise<unknown>) | undefined;
        if (handler === undefined) throw new PerchError('NOT_FOUND');
        return await handler(params, caller);
      },
    ]),
  ) as unknown as CoreHandlers;
  const app: Served = {
    handlers,
    hub: createStateHub({
      initial: emptyState(),
      epoch: 'epoch-1',
      onListenerError: (error) => lines.push(`${error}`),
    }),
    log: {
      write({ message }) {
        lines.push(message);
        return { log: 'core', segment: 1, offset: 0 };
      },
    },
  };
  return { app, calls, lines };
}
