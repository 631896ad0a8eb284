import type { MethodName, Params, Result } from '../../../../shared/contract/methods.ts';
import type { AppState } from '../../../../shared/contract/state.ts';
import { openConnection } from '../../api/connection.ts';
import type { App } from '../../app.ts';

/** For tests: a call as a window makes it. Undefined: the test has started none. @throws PerchError as the method does */
export function callAsWindow<M extends MethodName>(
  app: App | undefined,
  method: M,
  params: Params<M>,
): Promise<Result<M>> {
  if (app === undefined) throw new Error('no core was started');
  const connection = openConnection({ app, caller: { kind: 'window' }, onEvent: () => {} });
  return connection.call(method, params) as Promise<Result<M>>;
}

/** For tests: the state, once it is so. */
export function stateWhen(app: App | undefined, holds: (state: AppState) => boolean): Promise<AppState> {
  if (app === undefined) throw new Error('no core was started');
  const { hub } = app;
  return new Promise((resolve) => {
    const check = () => {
      if (!holds(hub.state)) return;
      subscription.unsubscribe();
      resolve(hub.state);
    };
    const subscription = hub.subscribe({ listener: check });
    check();
  });
}
