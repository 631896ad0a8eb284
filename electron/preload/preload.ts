import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_CHANNELS, BRIDGE_KEY, READ_EVERY, type WindowBridge } from '../../shared/contract/bridge.ts';
import type { SequencedEvent } from '../../shared/contract/events.ts';

const bridge: WindowBridge = {
  hostKind: 'electron',
  call: (method, params) => ipcRenderer.invoke(BRIDGE_CHANNELS.call, method, params),
  subscribe(listener, onBehind) {
    let read = 0;
    // The page never gets Electron's event object: through its sender it would reach every channel.
    const forward = (_: unknown, event: SequencedEvent, size: number) => {
      listener(event);
      read += size;
      if (read < READ_EVERY) return;
      ipcRenderer.send(BRIDGE_CHANNELS.read, read);
      read = 0;
    };
    const cutOff = () => onBehind();
    ipcRenderer.on(BRIDGE_CHANNELS.event, forward);
    ipcRenderer.on(BRIDGE_CHANNELS.behind, cutOff);
    return () => {
      ipcRenderer.removeListener(BRIDGE_CHANNELS.event, forward);
      ipcRenderer.removeListener(BRIDGE_CHANNELS.behind, cutOff);
    };
  },
};

contextBridge.exposeInMainWorld(BRIDGE_KEY, bridge);
