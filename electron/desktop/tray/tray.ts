import { Menu, type MenuItemConstructorOptions, nativeImage, type Rectangle, screen, Tray } from 'electron';
import { assertNever } from '../../../shared/assert-never.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import { trayIcon, trayIconFile } from './icon.ts';
import { type TrayAction, type TrayEntry, type TrayState, trayMenu, trayState, trayTooltip } from './menu.ts';

/** The tray's icon with its menu. */
interface TrayView {
  update(state: TrayState, t: Translate): void;
  destroy(): void;
}

export function createTray(options: {
  resourcesDir: string;
  platform: NodeJS.Platform;
  initial: { state: TrayState; t: Translate };
  /** `anchor`: the icon, where the desktop tells, else the mouse. */
  onClick: (anchor: Rectangle) => void;
  onAction: (action: TrayAction) => void;
}): TrayView {
  const { resourcesDir, platform, initial, onClick, onAction } = options;
  const image = (state: TrayState) => {
    const icon = trayIcon(trayState(state));
    return nativeImage.createFromPath(trayIconFile({ resourcesDir, icon, platform }));
  };
  const tray = new Tray(image(initial.state));
  let menu: Menu;

  const update = (state: TrayState, t: Translate) => {
    menu = Menu.buildFromTemplate(trayMenu(state, t).map((entry) => templateOf(entry, onAction)));
    tray.setImage(image(state));
    tray.setToolTip(trayTooltip(state, t));
    // On macOS and Windows a menu that is set takes the left click, which is the popover's.
    if (platform === 'linux') tray.setContextMenu(menu);
  };
  update(initial.state, initial.t);
  tray.on('click', (_, bounds) => onClick(anchorOf(bounds)));
  if (platform !== 'linux') tray.on('right-click', () => tray.popUpContextMenu(menu));

  return { update, destroy: () => tray.destroy() };
}

/** Linux desktops do not tell where their icons are: the bounds are empty. The mouse is there, though. */
function anchorOf(bounds: Rectangle): Rectangle {
  if (bounds.width > 0) return bounds;
  return { ...screen.getCursorScreenPoint(), width: 0, height: 0 };
}

function templateOf(entry: TrayEntry, onAction: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'text':
      return { label: entry.label, enabled: false };
    case 'item':
      return { label: entry.label, click: () => onAction(entry.action) };
    case 'radio':
      return { label: entry.label, type: 'radio', checked: entry.checked, click: () => onAction(entry.action) };
    case 'menu':
      return { label: entry.label, submenu: entry.entries.map((inner) => templateOf(inner, onAction)) };
    default:
      return assertNever(entry);
  }
}
