import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { BRIDGE_CHANNELS, type BridgeAnswer } from '../../../shared/contract/bridge.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import { type Connection, openConnection, type Served } from '../../core/api/connection.ts';
import { mayCall } from './sender.ts';

/** The door of the windows: one connection of the core for each. */
export interface WindowDoor {
  /** Lets the page of this window call from now on, until it is destroyed. */
  admit(window: BrowserWindow): void;
}

export function openWindowDoor(app: Served): WindowDoor {
  const connections = new Map<WebContents, Connection>();

  ipcMain.handle(BRIDGE_CHANNELS.call, async (event, method: unknown, params: unknown): Promise<BridgeAnswer> => {
    const connection = connectionOf(event);
    if (connection === undefined) {
      app.log.write({
        level: 'warn',
        source: 'window',
        message: `refused a call from ${event.senderFrame?.url ?? 'a frame that is gone'}`,
      });
      throw new Error('refused');
    }
    return await answer(connection, method, params);
  });

  const connectionOf = ({ sender, senderFrame }: IpcMainInvokeEvent): Connection | undefined => {
    const frame = senderFrame === null ? null : { url: senderFrame.url, isMain: senderFrame === sender.mainFrame };
    return mayCall({ frame, isOurs: connections.has(sender) }) ? connections.get(sender) : undefined;
  };

  return {
    admit(window) {
      const contents = window.webContents;
      const connection = openConnection({
        app,
        caller: { kind: 'window' },
        isVisible: () => !window.isDestroyed() && window.isVisible(),
        onEvent: (event) => {
          if (!contents.isDestroyed()) contents.send(BRIDGE_CHANNELS.event, event);
        },
      });
      connections.set(contents, connection);
      contents.once('destroyed', () => {
        connections.delete(contents);
        connection.close();
      });
    },
  };
}

async function answer(connection: Connection, method: unknown, params: unknown): Promise<BridgeAnswer> {
  try {
    if (typeof method !== 'string') throw new PerchError('METHOD_NOT_FOUND');
    return { ok: true, result: await connection.call(method, params) };
  } catch (error) {
    return { ok: false, error: toWireError(error) };
  }
}
