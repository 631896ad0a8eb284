import type { WindowBridge } from '../../shared/contract/bridge.ts';
import { createBridgeTransport } from './electron-bridge.ts';
import { browserTimers } from './timers.ts';
import type { Transport } from './transport.ts';
import { createWebSocketTransport } from './websocket.ts';

declare global {
  interface Window {
    /** Only under Electron. */
    readonly perch?: WindowBridge;
  }
}

/** Beside the page: the host serves the window below a path of its own. */
function socketAddress(page: { readonly href: string }): string {
  const address = new URL('ws', page.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

export function chooseTransport(page: Window): Transport {
  if (page.perch !== undefined) return createBridgeTransport({ bridge: page.perch, timers: browserTimers });
  const address = socketAddress(page.location);
  return createWebSocketTransport({ connect: () => new WebSocket(address), timers: browserTimers });
}
