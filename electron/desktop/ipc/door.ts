import { type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { BRIDGE_CHANNELS, type BridgeAnswer } from '../../../shared/contract/bridge.ts';
import type { SequencedEvent } from '../../../shared/contract/events.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { type Connection, openConnection, type Served } from '../../core/api/connection.ts';
import { createOutflow, type Outflow } from '../../core/api/outflow.ts';
import { mayCall } from './sender.ts';

/** Characters of events that may wait for a window: many times the whole state, which it gets when it is over. */
const MAX_WAITING_EVENTS = 4 * 1024 * 1024;

/** The door of the windows: one connection of the core for each. */
interface WindowDoor {
  /** Lets the page of this window call from now on, until it is destroyed. */
  admit(window: BrowserWindow): void;
}

export function openWindowDoor(app: Served): WindowDoor {
  const windows = new Map<WebContents, Admitted>();

  ipcMain.handle(BRIDGE_CHANNELS.call, async (event, method: unknown, params: unknown): Promise<BridgeAnswer> => {
    const window = windowOf(event);
    if (window === undefined) {
      app.log.write({
        level: 'warn',
        source: 'window',
        message: `refused a call from ${event.senderFrame?.url ?? 'a frame that is gone'}`,
      });
      throw new Error('refused');
    }
    // A page that subscribes reads from there on; what was sent to it before it may never have got.
    if (method === 'events.subscribe') window.outflow.restart();
    return await answer(window.connection, method, params);
  });
  ipcMain.on(BRIDGE_CHANNELS.read, (event, size: unknown) => {
    if (typeof size === 'number' && size > 0) windowOf(event)?.outflow.read(size);
  });

  const windowOf = ({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): Admitted | undefined => {
    const frame = senderFrame === null ? null : { url: senderFrame.url, isMain: senderFrame === sender.mainFrame };
    return mayCall({ frame, isOurs: windows.has(sender) }) ? windows.get(sender) : undefined;
  };

  return {
    admit(window) {
      const contents = window.webContents;
      const admitted = connect(app, window);
      windows.set(contents, admitted);
      contents.once('destroyed', () => {
        windows.delete(contents);
        admitted.connection.close();
      });
    },
  };
}

interface Admitted {
  readonly connection: Connection;
  readonly outflow: Outflow<SequencedEvent>;
}

/** Electron takes every message for a page, also for one that hangs: the bound is ours. */
function connect(app: Served, window: BrowserWindow): Admitted {
  const contents = window.webContents;
  const send = (channel: string, ...args: unknown[]) => {
    if (!contents.isDestroyed()) contents.send(channel, ...args);
  };
  const outflow = createOutflow<SequencedEvent>({
    maxWaiting: MAX_WAITING_EVENTS,
    sizeOf: (event) => JSON.stringify(event).length,
    send: (event, size) => send(BRIDGE_CHANNELS.event, event, size),
    onBehind() {
      app.log.write({ level: 'warn', source: 'window', message: 'the window does not read: it will ask anew' });
      send(BRIDGE_CHANNELS.behind);
    },
  });
  const connection = openConnection({
    app,
    caller: { kind: 'window' },
    isVisible: () => !window.isDestroyed() && window.isVisible(),
    onEvent: outflow.push,
  });
  return { connection, outflow };
}

async function answer(connection: Connection, method: unknown, params: unknown): Promise<BridgeAnswer> {
  try {
    if (typeof method !== 'string') throw new PerchError('METHOD_NOT_FOUND');
    return { ok: true, result: await connection.call(method, params) };
  } catch (error) {
    return { ok: false, error: toWireError(error) };
  }
}
