import { join } from 'node:path';
import type { OneState, StateTone } from '../../../shared/model/one-state.ts';

export const TRAY_ICONS = ['ready', 'busy', 'attention', 'failed'] as const;
type TrayIcon = (typeof TRAY_ICONS)[number];

const ICONS: Readonly<Record<StateTone, TrayIcon>> = {
  good: 'ready',
  busy: 'busy',
  warn: 'attention',
  bad: 'failed',
  idle: 'attention',
};

export function trayIcon({ tone }: Pick<OneState, 'tone'>): TrayIcon {
  return ICONS[tone];
}

/** macOS colours the icon itself, for the light and the dark menu bar, when its file name ends in `Template`. */
export function trayIconFile(options: { resourcesDir: string; icon: TrayIcon; platform: NodeJS.Platform }): string {
  const { resourcesDir, icon, platform } = options;
  return join(resourcesDir, 'icons', 'tray', platform === 'darwin' ? `${icon}Template.png` : `${icon}.png`);
}
