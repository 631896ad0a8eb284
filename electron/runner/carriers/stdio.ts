import type { Readable, Writable } from 'node:stream';
import type { Carrier } from '../../../shared/json-rpc/carrier.ts';
import { createLineCarrier } from '../../../shared/json-rpc/line-carrier.ts';

/** Carries one JSON text per line over two streams. The end of either is the end of the carrier. */
export function createStdioCarrier(input: Readable, output: Writable): Carrier {
  const lines = createLineCarrier({
    write: (text) => output.write(text),
    close() {
      output.end();
      input.destroy();
    },
  });
  input.setEncoding('utf8');
  input.on('data', lines.push);
  input.once('end', () => lines.end());
  input.once('error', (error) => lines.end({ kind: 'failed', message: error.message }));
  output.once('error', (error) => lines.end({ kind: 'failed', message: error.message }));
  return lines.carrier;
}
