import type { Duplex } from 'node:stream';
import type { Carrier } from '../../../shared/json-rpc/carrier.ts';
import { createLineCarrier } from '../../../shared/json-rpc/line-carrier.ts';

/** Bytes that may wait for a client that does not read, before it is disconnected. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** A carrier over a socket: one JSON text a line, UTF-8. */
export function createStreamCarrier(stream: Duplex): Carrier {
  const lines = createLineCarrier({
    write(text) {
      if (stream.writableLength > MAX_WAITING_BYTES) stream.destroy(new Error('the client does not read'));
      else stream.write(text);
    },
    // Earlier messages still leave; then nothing is kept open for an answer.
    close: () => void stream.end(() => stream.destroy()),
  });
  stream.setEncoding('utf8');
  stream.on('data', lines.push);
  stream.on('end', () => lines.end());
  stream.on('error', (error) => lines.end({ kind: 'failed', message: error.message }));
  stream.on('close', () => lines.end());
  return lines.carrier;
}
