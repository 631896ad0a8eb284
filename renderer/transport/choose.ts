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

export function socketAddress(page: { readonly protocol: string; readonly host: string }): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}/ws`;
}

export function chooseTransport(page: Window): Transport {
  if (page.perch !== undefined) return createBridgeTransport({ bridge: page.perch, timers: browserTimers });
  const address = socketAddress(page.location);
  return createWebSocketTransport({ connect: () => new WebSocket(address), timers: browserTimers });
}
