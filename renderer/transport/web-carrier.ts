import type { Carrier, CloseReason } from '../../shared/json-rpc/carrier.ts';

/** The part of a browser's WebSocket that a carrier uses. */
export interface Socket {
  send(text: string): void;
  close(): void;
  // Narrower than what a handler takes, so that a browser's own socket fits.
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
}

interface WebCarrier extends Carrier {
  onOpen(listener: () => void): void;
}

/** Each text frame is one JSON text. A binary frame is no message of ours and closes the socket. */
export function createWebCarrier(socket: Socket): WebCarrier {
  const messageListeners: ((text: string) => void)[] = [];
  const closeListeners: ((reason: CloseReason) => void)[] = [];
  let closed: CloseReason | undefined;

  function settle(reason: CloseReason) {
    if (closed !== undefined) return;
    closed = reason;
    for (const listener of closeListeners) listener(reason);
  }
  function close(reason: CloseReason = { kind: 'ended', message: 'closed by the window' }) {
    settle(reason);
    socket.close();
  }
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (typeof data !== 'string') return close({ kind: 'protocol-violation', message: 'binary frame' });
    for (const listener of messageListeners) listener(data);
  };
  socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
    settle({ kind: code === 1000 ? 'ended' : 'failed', message: `${code} ${reason}` });

  return {
    send: (text) => socket.send(text),
    onMessage: (listener) => void messageListeners.push(listener),
    onClose(listener) {
      if (closed === undefined) closeListeners.push(listener);
      else listener(closed);
    },
    onOpen: (listener) => {
      socket.onopen = listener;
    },
    close,
  };
}
