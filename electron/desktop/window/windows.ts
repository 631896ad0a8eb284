import { BrowserWindow, type Rectangle, type Session, screen } from 'electron';
import { defined } from '../../../shared/defined.ts';
import type { Clock } from '../../node/clock.ts';
import { WINDOW_ADDRESS } from '../security/addresses.ts';
import { popoverBounds } from './bounds.ts';
import { WINDOW_SIZES, type WindowKind, windowOptions } from './options.ts';
import { onTrayClick } from './toggle.ts';

/** At most one window at a time: the popover at the icon, or an ordinary one in its place. */
export interface Windows {
  /** Shows the open window, or the popover at its anchor; `route` (`#/…`) leads to a place in it. */
  show(options?: { route?: string; anchor?: Rectangle }): void;
  /** Shows an ordinary window, in place of the popover. */
  showAsWindow(route?: string): void;
  /** A click on the tray's icon. */
  toggle(anchor: Rectangle | undefined): void;
  /** While a native dialog is open, the popover that lost the focus to it stays. */
  keepOpenDuring<T>(work: (parent: BrowserWindow | undefined) => Promise<T>): Promise<T>;
  readonly isInFront: boolean;
}

interface Open {
  readonly kind: WindowKind;
  readonly window: BrowserWindow;
}

export function createWindows(options: {
  preloadFile: string;
  icon: string;
  session: Session;
  clock: Clock;
  developerTools: boolean;
  /** A new window, before it loads anything. */
  onWindow: (window: BrowserWindow) => void;
}): Windows {
  const { clock, onWindow } = options;
  let open: Open | undefined;
  let hiddenAt = Number.NEGATIVE_INFINITY;
  let dialogs = 0;

  const create = (kind: WindowKind, route: string, bounds?: Rectangle): Open => {
    const window = new BrowserWindow(windowOptions({ ...options, kind, ...defined({ bounds }) }));
    const created = { kind, window };
    onWindow(window);
    window.once('ready-to-show', () => front(created));
    window.on('closed', () => {
      if (open === created) open = undefined;
    });
    // A page whose process died shows nothing any more; the next show makes a new one.
    window.webContents.on('render-process-gone', () => window.destroy());
    if (kind === 'popover') behaveAsPopover(window);
    void window.loadURL(`${WINDOW_ADDRESS}${route}`);
    return created;
  };
  const behaveAsPopover = (window: BrowserWindow) => {
    const hide = () => {
      if (!window.isVisible()) return;
      hiddenAt = clock.now();
      window.hide();
    };
    window.on('blur', () => {
      if (dialogs === 0 && !window.webContents.isDevToolsOpened()) hide();
    });
    window.webContents.on('before-input-event', (_, input) => {
      if (input.type === 'keyDown' && input.key === 'Escape') hide();
    });
  };
  const front = ({ window }: Open) => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  const goTo = ({ window }: Open, route: string | undefined) => {
    const address = `${WINDOW_ADDRESS}${route}`;
    // Only the fragment differs: the page stays loaded and follows it. The very same address would load it anew.
    if (route !== undefined && window.webContents.getURL() !== address) void window.loadURL(address);
  };
  const boundsAt = (anchor: Rectangle | undefined): Rectangle => {
    const display = screen.getDisplayNearestPoint(anchor ?? screen.getCursorScreenPoint());
    return popoverBounds({ anchor, workArea: display.workArea, size: WINDOW_SIZES.popover });
  };

  const show: Windows['show'] = ({ route, anchor } = {}) => {
    if (open === undefined) {
      open = create('popover', route ?? '#/', boundsAt(anchor));
      return;
    }
    if (open.kind === 'popover' && !open.window.isVisible()) open.window.setBounds(boundsAt(anchor));
    goTo(open, route);
    front(open);
  };

  return {
    show,
    showAsWindow(route) {
      if (open?.kind === 'window') {
        goTo(open, route);
        return front(open);
      }
      const popover = open;
      open = create('window', route ?? fragmentOf(popover) ?? '#/');
      popover?.window.destroy();
    },
    toggle(anchor) {
      const visible = open?.window.isVisible() ?? false;
      const action = open?.kind === 'window' ? 'show' : onTrayClick({ visible, hiddenAt }, clock.now());
      if (action === 'show') show(anchor === undefined ? {} : { anchor });
      if (action === 'hide') open?.window.hide();
    },
    async keepOpenDuring(work) {
      dialogs++;
      try {
        return await work(open?.window);
      } finally {
        dialogs--;
      }
    },
    get isInFront() {
      return open?.window.isFocused() ?? false;
    },
  };
}

/** Where the popover was, so that the window in its place goes on there. */
function fragmentOf(open: Open | undefined): string | undefined {
  const hash = open === undefined ? undefined : URL.parse(open.window.webContents.getURL())?.hash;
  return hash === '' ? undefined : hash;
}
