import type { Carrier, CloseReason } from './carrier.ts';

/** The side of a carrier that its transport holds. */
export interface CarrierEnd {
  readonly carrier: Carrier;
  /** A message came in. */
  receive(text: string): void;
  /** The transport is gone. Idempotent; what arrived before is still delivered. */
  ended(reason: CloseReason): void;
}

/**
 * A carrier over any transport. Messages that arrive before the first listener are kept; after the end nothing is sent,
 * and nothing more is delivered.
 */
export function createCarrierEnd(transport: {
  send(text: string): void;
  /** Called once, when this side closes. */
  close(reason: CloseReason): void;
}): CarrierEnd {
  const messageListeners: ((text: string) => void)[] = [];
  const closeListeners: ((reason: CloseReason) => void)[] = [];
  let early: string[] = [];
  let closed: CloseReason | undefined;

  const ended = (reason: CloseReason) => {
    if (closed !== undefined) return;
    closed = reason;
    for (const listener of closeListeners.splice(0)) listener(reason);
  };

  return {
    carrier: {
      send(text) {
        if (closed === undefined) transport.send(text);
      },
      onMessage(listener) {
        messageListeners.push(listener);
        const waiting = early;
        early = [];
        for (const text of waiting) listener(text);
      },
      onClose(listener) {
        if (closed === undefined) closeListeners.push(listener);
        else listener(closed);
      },
      close(reason = { kind: 'ended', message: 'closed by this side' }) {
        if (closed !== undefined) return;
        ended(reason);
        transport.close(reason);
      },
    },
    receive(text) {
      if (closed !== undefined) return;
      if (messageListeners.length === 0) early.push(text);
      for (const listener of messageListeners) listener(text);
    },
    ended,
  };
}
