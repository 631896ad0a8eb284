import type { BrowserWindowConstructorOptions, Rectangle, Session } from 'electron';

export type WindowKind = 'popover' | 'window';

export const WINDOW_SIZES = {
  popover: { width: 420, height: 640 },
  window: { width: 960, height: 720 },
} as const;

/** The popover has no frame, no entry in the task bar, and stays on top; the window is an ordinary one. */
export function windowOptions(options: {
  kind: WindowKind;
  preloadFile: string;
  session: Session;
  icon: string;
  developerTools: boolean;
  bounds?: Rectangle;
}): BrowserWindowConstructorOptions {
  const { kind, preloadFile, session, icon, developerTools, bounds } = options;
  return {
    ...WINDOW_SIZES[kind],
    ...bounds,
    ...(kind === 'popover' ? POPOVER : WINDOW),
    title: 'Perch',
    icon,
    // Shown once there is something to see.
    show: false,
    webPreferences: {
      preload: preloadFile,
      session,
      devTools: developerTools,
      // Explicit although they are the defaults: a default that changes must not change the window.
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  };
}

const POPOVER: BrowserWindowConstructorOptions = {
  frame: false,
  resizable: false,
  movable: false,
  minimizable: false,
  maximizable: false,
  fullscreenable: false,
  skipTaskbar: true,
  alwaysOnTop: true,
};

const WINDOW: BrowserWindowConstructorOptions = { minWidth: 420, minHeight: 480, autoHideMenuBar: true };
