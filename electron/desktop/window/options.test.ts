import type { Rectangle, Session } from 'electron';
import { expect, test } from 'vitest';
import { defined } from '../../../shared/defined.ts';
import { type WindowKind, windowOptions } from './options.ts';

function options(kind: WindowKind, bounds?: Rectangle) {
  const common = { preloadFile: '/dist/preload.cjs', session: {} as Session, icon: '/icon.png', developerTools: false };
  return windowOptions({ ...common, kind, ...defined({ bounds }) });
}

test.each(['popover', 'window'] as const)(
  'a %s is isolated, sandboxed, and shown once it has something to show',
  (kind) => {
    const { show, webPreferences } = options(kind);
    expect(show).toBe(false);
    expect(webPreferences).toMatchObject({
      preload: '/dist/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      devTools: false,
    });
  },
);

test('the popover is a panel at its place, the window an ordinary one', () => {
  expect(options('popover')).toMatchObject({ frame: false, skipTaskbar: true, alwaysOnTop: true, resizable: false });
  expect(options('window').frame).toBeUndefined();
  const bounds = { x: 1, y: 2, width: 300, height: 400 };
  expect(options('popover', bounds)).toMatchObject(bounds);
});
