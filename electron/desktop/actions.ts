import { assertNever } from '../../shared/assert-never.ts';
import { toWireError } from '../../shared/errors/perch-error.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import { type Dispatchable, dispatch } from '../core/api/dispatch.ts';
import type { TrayAction } from './tray/menu.ts';
import type { Windows } from './window/windows.ts';

/** Does what was clicked in the tray's menu, over the same contract that the window uses. */
export function createActions(options: {
  app: Dispatchable;
  windows: Windows;
  t: () => Translate;
  showError: (title: string, message: string) => void;
  quit: () => void;
}): (action: TrayAction) => void {
  const { app, windows, t, showError, quit } = options;
  const call = (method: string, params: unknown) => {
    dispatch(app, { kind: 'window' }, method, params).catch((error: unknown) =>
      showError('Perch', describeError(toWireError(error), t())),
    );
  };
  return (action) => {
    switch (action.kind) {
      case 'show':
        return windows.show({ route: action.route });
      case 'open-as-window':
        return windows.showAsWindow();
      case 'select-agent':
        return call('agents.select', { agentId: action.agentId });
      case 'restart-runner':
        return call('runner.restart', {});
      case 'stay':
        return call('host.stay', {});
      case 'quit':
        return quit();
      default:
        return assertNever(action);
    }
  };
}
