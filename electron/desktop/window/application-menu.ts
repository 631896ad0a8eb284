import type { MenuItemConstructorOptions } from 'electron';

/**
 * The application's own menu; null for none. Electron's default one would offer reloading and developer tools to every
 * user. On macOS *copy*, *paste* and *close* exist only as entries of a menu.
 */
export function applicationMenu(options: {
  platform: NodeJS.Platform;
  developerTools: boolean;
}): MenuItemConstructorOptions[] | null {
  const { platform, developerTools } = options;
  const roles: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? ([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const) : []),
    ...(developerTools ? ([{ role: 'viewMenu' }] as const) : []),
  ];
  return roles.length === 0 ? null : roles;
}
