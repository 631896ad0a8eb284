/**
 * Stands in for the `electron` module where its binary cannot be had: records what the program does, and does what
 * the user, the system or a page would (see `records.ts`). It fakes the program, not our modules: the whole built
 * bundle runs against it. What it offers is checked against Electron's own types.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Electron from 'electron';
import type { Command, FromFake } from './records.ts';

const appDir = process.env.FAKE_ELECTRON_APP_DIR ?? process.cwd();
const { version } = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8')) as { version: string };

const tell = (message: FromFake, sent?: () => void) => void process.send?.(message, undefined, {}, () => sent?.());
const record = (what: string, detail: unknown = null) =>
  tell({ kind: 'record', record: { what, detail: plain(detail) } });
/** Only what survives a message: functions and objects of the fake are named, not sent. */
const plain = (detail: unknown): unknown =>
  JSON.parse(
    JSON.stringify(detail, (_, value: unknown) => {
      if (typeof value === 'function') return 'function';
      return value instanceof EventEmitter ? value.constructor.name : value;
    }) ?? 'null',
  );

function preventable<T extends object>(detail: T) {
  const event = {
    ...detail,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

const ready = Promise.withResolvers<void>();
let isReady = false;

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  enableSandbox: () => record('app.enableSandbox', { isReady }),
  getAppPath: () => appDir,
  getVersion: () => version,
  getPreferredSystemLanguages: () => ['en-US'],
  setPath: (name: string, path: string) => record('app.setPath', { name, path, isReady }),
  requestSingleInstanceLock() {
    const first = process.env.FAKE_ELECTRON_LOCK !== 'taken';
    record('app.requestSingleInstanceLock', { first, isReady });
    return first;
  },
  whenReady: () => ready.promise,
  quit() {
    record('app.quit');
    const event = preventable({});
    app.emit('before-quit', event);
    if (event.defaultPrevented) return;
    app.emit('will-quit', preventable({}));
    app.exit(0);
  },
  exit(code = 0) {
    tell({ kind: 'record', record: { what: 'app.exit', detail: code } }, () => process.exit(code));
  },
} satisfies Partial<Electron.App>);

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => record('protocol.registerSchemesAsPrivileged', { schemes, isReady }),
} satisfies Partial<Electron.Protocol>;

type Handlers = {
  request: Parameters<Electron.Session['setPermissionRequestHandler']>[0];
  check: Parameters<Electron.Session['setPermissionCheckHandler']>[0];
  device: Parameters<Electron.Session['setDevicePermissionHandler']>[0];
  before:
    | ((
        details: Electron.OnBeforeRequestListenerDetails,
        answer: (response: Electron.CallbackResponse) => void,
      ) => void)
    | null;
  serve: ((request: Request) => Response | Promise<Response>) | null;
};
/** The window's session: there is one. */
const handlers: Handlers = { request: null, check: null, device: null, before: null, serve: null };

const windowSession = Object.assign(new EventEmitter(), {
  protocol: {
    handle(scheme: string, handler: NonNullable<Handlers['serve']>) {
      record('session.protocol.handle', scheme);
      handlers.serve = handler;
    },
  } satisfies Partial<Electron.Protocol>,
  webRequest: {
    onBeforeRequest(listener: Handlers['before']) {
      record('session.webRequest.onBeforeRequest');
      handlers.before = listener;
    },
  },
  setPermissionRequestHandler(handler: Handlers['request']) {
    record('session.setPermissionRequestHandler');
    handlers.request = handler;
  },
  setPermissionCheckHandler(handler: Handlers['check']) {
    record('session.setPermissionCheckHandler');
    handlers.check = handler;
  },
  setDevicePermissionHandler(handler: Handlers['device']) {
    record('session.setDevicePermissionHandler');
    handlers.device = handler;
  },
});

export const session = {
  fromPartition(partition: string, options?: Electron.FromPartitionOptions) {
    record('session.fromPartition', { partition, options });
    return windowSession as unknown as Electron.Session;
  },
} satisfies Partial<typeof Electron.session>;

class Contents extends EventEmitter {
  mainFrame = { url: '' };
  openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | undefined;
  destroyed = false;
  setWindowOpenHandler(handler: NonNullable<Contents['openHandler']>) {
    this.openHandler = handler;
  }
  getURL = () => this.mainFrame.url;
  isDestroyed = () => this.destroyed;
  isDevToolsOpened = () => false;
  send = (channel: string, ...args: unknown[]) => record('contents.send', { channel, args });
}

export class BrowserWindow extends EventEmitter {
  static readonly all = new Set<BrowserWindow>();
  readonly webContents = new Contents();
  private visible = false;
  private focused = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    record('BrowserWindow', options);
    BrowserWindow.all.add(this);
    app.emit('web-contents-created', preventable({}), this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    const before = this.webContents.mainFrame.url;
    this.webContents.mainFrame.url = url;
    record('window.loadURL', url);
    // Another fragment of the same page loads nothing.
    if (before !== '' && before.split('#')[0] === url.split('#')[0]) return;
    await fetchPage(url);
    this.emit('ready-to-show');
  }
  show() {
    this.visible = true;
    record('window.show');
  }
  hide() {
    this.visible = false;
    record('window.hide');
  }
  focus() {
    this.focused = true;
  }
  setBounds(bounds: Partial<Electron.Rectangle>) {
    record('window.setBounds', bounds);
  }
  restore() {}
  isMinimized = () => false;
  isVisible = () => this.visible;
  isDestroyed = () => this.webContents.destroyed;
  isFocused = () => this.focused && this.visible;
  destroy() {
    record('window.destroy');
    BrowserWindow.all.delete(this);
    this.webContents.destroyed = true;
    this.webContents.emit('destroyed');
    this.emit('closed');
  }
}

async function fetchPage(url: string, method = 'GET') {
  const response = await handlers.serve?.(new Request(url, { method }));
  return {
    status: response?.status,
    headers: Object.fromEntries(response?.headers ?? []),
    body: (await response?.text())?.slice(0, 1000),
  };
}

export class Tray extends EventEmitter {
  static current: Tray | undefined;
  constructor(image: { readonly file: string }) {
    super();
    record('Tray', image.file);
    Tray.current = this;
  }
  setImage = (image: { readonly file: string }) => record('tray.setImage', image.file);
  setToolTip = (text: string) => record('tray.setToolTip', text);
  setContextMenu = (menu: Menu) => {
    Menu.ofTray = menu;
  };
  popUpContextMenu = (menu: Menu) => {
    Menu.ofTray = menu;
  };
  destroy = () => record('tray.destroy');
}

export class Menu {
  static ofTray: Menu | undefined;
  readonly template: Electron.MenuItemConstructorOptions[];
  private constructor(template: Electron.MenuItemConstructorOptions[]) {
    this.template = template;
  }
  static setApplicationMenu = (menu: Menu | null) => record('Menu.setApplicationMenu', menu);
  static buildFromTemplate = (template: Electron.MenuItemConstructorOptions[]) => new Menu(template);
}

export const nativeImage = {
  // Electron makes an empty image of a file that is not there; here that ends the program.
  createFromPath: (file: string) => ({ file, bytes: readFileSync(file).length }),
};

export const screen = {
  getCursorScreenPoint: () => ({ x: 1400, y: 10 }),
  getDisplayNearestPoint: () =>
    ({ workArea: { x: 0, y: 24, width: 1440, height: 876 } }) as Pick<Electron.Display, 'workArea'> as Electron.Display,
} satisfies Partial<Electron.Screen>;

export const shell = {
  openExternal: async (url: string) => record('shell.openExternal', url),
  showItemInFolder: (path: string) => record('shell.showItemInFolder', path),
} satisfies Partial<Electron.Shell>;

let answerMessageBox = (_button: string) => {};

export const powerMonitor = new EventEmitter();

let blockers = 0;
export const powerSaveBlocker = {
  start(type) {
    record('powerSaveBlocker.start', type);
    return ++blockers;
  },
  stop(id) {
    record('powerSaveBlocker.stop', id);
    return true;
  },
} satisfies Partial<Electron.PowerSaveBlocker>;

export const dialog = {
  showErrorBox: (title: string, content: string) => record('dialog.showErrorBox', { title, content }),
  showMessageBox(...given: [Electron.MessageBoxOptions] | [Electron.BaseWindow, Electron.MessageBoxOptions]) {
    const options = given[given.length - 1] as Electron.MessageBoxOptions;
    record('dialog.showMessageBox', options);
    const { promise, resolve } = Promise.withResolvers<Electron.MessageBoxReturnValue>();
    answerMessageBox = (button) =>
      resolve({ response: options.buttons?.indexOf(button) ?? -1, checkboxChecked: false });
    return promise;
  },
  showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
} satisfies Partial<Electron.Dialog>;

export class Notification extends EventEmitter {
  static last: Notification | undefined;
  readonly options: Electron.NotificationConstructorOptions;
  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
    Notification.last = this;
  }
  static isSupported = () => true;
  show = () => record('Notification', this.options);
}

type InvokeHandler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;
const channels = new Map<string, InvokeHandler>();
const listeners = new Map<string, InvokeHandler>();

export const ipcMain: Pick<Electron.IpcMain, 'handle' | 'on'> = {
  handle(channel: string, handler: InvokeHandler) {
    record('ipcMain.handle', channel);
    channels.set(channel, handler);
  },
  on(channel: string, listener: Parameters<Electron.IpcMain['on']>[1]): Electron.IpcMain {
    record('ipcMain.on', channel);
    listeners.set(channel, listener as unknown as InvokeHandler);
    return ipcMain as unknown as Electron.IpcMain;
  },
};

/** A real child process with a message port over Node's own channel. */
class FakeUtilityProcess extends EventEmitter {
  private readonly child: ChildProcess;
  constructor(child: ChildProcess) {
    super();
    this.child = child;
    child.on('message', (message) => this.emit('message', message));
    child.once('spawn', () => this.emit('spawn'));
    child.once('exit', (code) => {
      record('utilityProcess.exit', code);
      this.emit('exit', code ?? 0);
    });
  }
  get pid() {
    return this.child.pid;
  }
  get stdout() {
    return this.child.stdout;
  }
  get stderr() {
    return this.child.stderr;
  }
  postMessage = (message: unknown) => void (this.child.connected && this.child.send(message as string));
  kill = () => this.child.kill('SIGTERM');
}

export const utilityProcess = {
  fork(modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}) {
    record('utilityProcess.fork', { modulePath, args, options });
    const child = fork(modulePath, args, {
      env: options.env as NodeJS.ProcessEnv,
      execArgv: ['--import', fileURLToPath(new URL('./parent-port.ts', import.meta.url))],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    record('utilityProcess.pid', child.pid);
    return new FakeUtilityProcess(child) as unknown as Electron.UtilityProcess;
  },
} satisfies Partial<typeof Electron.utilityProcess>;

const currentWindow = () => {
  const window = [...BrowserWindow.all].at(-1);
  if (window === undefined) throw new Error('no window is open');
  return window;
};

async function obey(command: Command): Promise<unknown> {
  switch (command.name) {
    case 'tray.click':
      return Tray.current?.emit('click', preventable({}), command.bounds, { x: 0, y: 0 });
    case 'tray.menu':
      if (Menu.ofTray === undefined) Tray.current?.emit('right-click', preventable({}));
      return clickMenu(Menu.ofTray?.template ?? [], command.path);
    case 'second-instance':
      return app.emit('second-instance', preventable({}), [], '', null);
    case 'quit':
      return app.quit();
    case 'dialog.answer':
      return answerMessageBox(command.button);
    case 'system.shutdown':
      return powerMonitor.emit('shutdown');
    case 'notification.click':
      return Notification.last?.emit('click', preventable({}));
    case 'window.blur':
      return currentWindow().emit('blur', preventable({}));
    case 'window.close':
      return currentWindow().destroy();
    case 'window.key':
      return currentWindow().webContents.emit('before-input-event', preventable({}), {
        type: 'keyDown',
        key: command.key,
      });
    case 'contents.navigate': {
      const event = preventable({ url: command.url });
      currentWindow().webContents.emit(command.event, event);
      return event.defaultPrevented;
    }
    case 'contents.open':
      return currentWindow().webContents.openHandler?.({ url: command.url } as Electron.HandlerDetails);
    case 'permission':
      return askPermission(command);
    case 'request':
      return await new Promise((resolve) =>
        handlers.before?.({ url: command.url } as Electron.OnBeforeRequestListenerDetails, resolve),
      );
    case 'fetch':
      return await fetchPage(command.url, command.method);
    case 'ipc':
      return await channels.get(command.channel)?.(senderOf(command), ...command.args);
    case 'ipc.send':
      return await listeners.get(command.channel)?.(senderOf({ ...command, name: 'ipc' }), ...command.args);
    case 'windows':
      return [...BrowserWindow.all].map((window) => ({
        visible: window.isVisible(),
        url: window.webContents.getURL(),
      }));
  }
}

function askPermission({ permission, url }: Extract<Command, { name: 'permission' }>) {
  type Permission = Parameters<NonNullable<Handlers['check']>>[1] & Parameters<NonNullable<Handlers['request']>>[1];
  const contents = currentWindow().webContents as unknown as Electron.WebContents;
  let requested: boolean | undefined;
  handlers.request?.(
    contents,
    permission as Permission,
    (granted) => {
      requested = granted;
    },
    { isMainFrame: true, requestingUrl: url },
  );
  const details = { isMainFrame: true } as Electron.PermissionCheckHandlerHandlerDetails;
  const checked = handlers.check?.(contents, permission as Permission, url, details);
  return { requested, checked, device: handlers.device?.({ deviceType: 'hid', origin: url, device: {} as never }) };
}

function senderOf({ sender, url }: Extract<Command, { name: 'ipc' }>): Electron.IpcMainInvokeEvent {
  const contents = sender === 'foreign' ? new Contents() : currentWindow().webContents;
  if (url !== undefined && sender !== 'sub-frame') contents.mainFrame.url = url;
  const frame = sender === 'sub-frame' ? { url: url ?? contents.mainFrame.url } : contents.mainFrame;
  return { sender: contents, senderFrame: sender === 'gone' ? null : frame } as unknown as Electron.IpcMainInvokeEvent;
}

function clickMenu(entries: Electron.MenuItemConstructorOptions[], path: readonly string[]): unknown {
  const [label, ...rest] = path;
  if (label === undefined) {
    return entries.map((entry) => `${entry.type === 'radio' && entry.checked ? '● ' : ''}${entry.label ?? '-'}`);
  }
  const entry = entries.find((candidate) => candidate.label?.startsWith(label));
  if (entry === undefined) throw new Error(`no ${label} in ${entries.map((one) => one.label).join(', ')}`);
  if (Array.isArray(entry.submenu)) return clickMenu(entry.submenu, rest);
  (entry.click as (() => void) | undefined)?.();
  return entry.label;
}

process.on('message', ({ id, command }: { id: number; command: Command }) => {
  obey(command).then(
    (result) => tell({ kind: 'answer', id, result: plain(result) }),
    (error: unknown) => tell({ kind: 'refusal', id, message: error instanceof Error ? error.message : String(error) }),
  );
});
/** Called by `run.ts`: Electron is ready only after the main module is done, all that it awaits included. */
export function becomeReady(): void {
  isReady = true;
  record('ready');
  ready.resolve();
}
