import { join } from 'node:path';
import { assertNever } from '../../../shared/assert-never.ts';
import type { ConnectionState } from '../../../shared/model/connection-state.ts';

export const TRAY_ICONS = ['ready', 'busy', 'attention', 'failed'] as const;
export type TrayIcon = (typeof TRAY_ICONS)[number];

export function trayIcon(connection: ConnectionState): TrayIcon {
  switch (connection.kind) {
    case 'connected':
      return 'ready';
    case 'starting':
    case 'reconnecting':
      return 'busy';
    case 'needs-sign-in':
      return 'attention';
    case 'failed':
    case 'stopped':
      return 'failed';
    default:
      return assertNever(connection);
  }
}

/** macOS colours the icon itself, for the light and the dark menu bar, when its file name ends in `Template`. */
export function trayIconFile(options: { resourcesDir: string; icon: TrayIcon; platform: NodeJS.Platform }): string {
  const { resourcesDir, icon, platform } = options;
  return join(resourcesDir, 'icons', 'tray', platform === 'darwin' ? `${icon}Template.png` : `${icon}.png`);
}
