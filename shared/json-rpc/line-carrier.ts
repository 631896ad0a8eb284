import type { Carrier, CloseReason } from './carrier.ts';
import { createCarrierEnd } from './carrier-end.ts';
import { createLineSplitter } from './framing.ts';

/** In UTF-16 units: far over any message of ours, far under what would hurt. */
export const MAX_MESSAGE_CHARS = 32 * 1024 * 1024;

/** A carrier over two text streams: one JSON text a line. */
interface LineCarrier {
  readonly carrier: Carrier;
  /** Decoded text from the other side, in pieces as they come. */
  push(text: string): void;
  /** The stream from the other side ended; a line left half closes the carrier as a violation. */
  end(reason?: CloseReason): void;
}

/** A line that breaks the framing closes the carrier: whatever follows it could not be trusted. */
export function createLineCarrier(streams: {
  write(text: string): void;
  close(): void;
  maxChars?: number;
}): LineCarrier {
  const end = createCarrierEnd({
    // JSON escapes line breaks, so the only one is the one that ends the message.
    send: (text) => streams.write(`${text}\n`),
    close: () => streams.close(),
  });
  const splitter = createLineSplitter({
    maxChars: streams.maxChars ?? MAX_MESSAGE_CHARS,
    onLine: end.receive,
    onViolation: (message) => end.carrier.close({ kind: 'protocol-violation', message }),
  });
  return {
    carrier: end.carrier,
    push: splitter.push,
    end(reason = { kind: 'ended', message: 'the stream ended' }) {
      splitter.end();
      end.ended(reason);
    },
  };
}
