import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_CHANNELS, BRIDGE_KEY, type WindowBridge } from '../../shared/contract/bridge.ts';
import type { SequencedEvent } from '../../shared/contract/events.ts';

const bridge: WindowBridge = {
  hostKind: 'electron',
  call: (method, params) => ipcRenderer.invoke(BRIDGE_CHANNELS.call, method, params),
  subscribe(listener) {
    // The page never gets Electron's event object: through its sender it would reach every channel.
    const forward = (_: unknown, event: SequencedEvent) => listener(event);
    ipcRenderer.on(BRIDGE_CHANNELS.event, forward);
    return () => void ipcRenderer.removeListener(BRIDGE_CHANNELS.event, forward);
  },
};

contextBridge.exposeInMainWorld(BRIDGE_KEY, bridge);
