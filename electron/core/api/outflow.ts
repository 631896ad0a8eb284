/** Characters or bytes that may wait for a client that does not read. Then it is cut off, and comes back for what it missed. */
export const MAX_WAITING = 32 * 1024 * 1024;

/**
 * Bounds what is on its way to a client over a channel that accepts everything, however slow the reader is: otherwise a
 * window that hangs would fill the memory of the process that feeds it.
 */
export interface Outflow<Message> {
  /** Sends it on, or drops it while the client is behind. */
  push(message: Message): void;
  /** The client says that it has read so much of what was sent. */
  read(size: number): void;
  /** The client starts anew: nothing that was sent before is waited for. */
  restart(): void;
}

/** @param options.onBehind told once, when the client is over the bound; what follows is dropped until it restarts */
export function createOutflow<Message>(options: {
  maxWaiting?: number;
  sizeOf: (message: Message) => number;
  send: (message: Message, size: number) => void;
  onBehind: () => void;
}): Outflow<Message> {
  const { maxWaiting = MAX_WAITING, sizeOf, send, onBehind } = options;
  let waiting = 0;
  let isBehind = false;
  return {
    push(message) {
      if (isBehind) return;
      if (waiting > maxWaiting) {
        isBehind = true;
        onBehind();
        return;
      }
      const size = sizeOf(message);
      waiting += size;
      send(message, size);
    },
    read(size) {
      waiting = Math.max(0, waiting - size);
    },
    restart() {
      waiting = 0;
      isBehind = false;
    },
  };
}
