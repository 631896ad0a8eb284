import { PROXY_INSIDE } from '../../../shared/egress/inside.ts';

/** A service on the host's loopback, at the same place inside. */
export interface LoopbackService {
  readonly address: string;
  readonly port: number;
}

/**
 * The program between the sandbox's own network and the egress proxy's socket on the host: it carries bytes and
 * understands none. It writes `ready` to its status descriptor, or why it cannot work, and then ends. Started as text,
 * `node -e`, so that no file has to be found and shown. Reaches for nothing outside of its own braces. Beside the
 * proxy's own port it stands in for services on the host's loopback: it asks the proxy for the way to them.
 */
function bridge(socket: string, statusDescriptor: number, places: (LoopbackService & { direct: boolean })[]): void {
  const net = process.getBuiltinModule('node:net');
  const fs = process.getBuiltinModule('node:fs');
  let missing = places.length;
  for (const { address, port, direct } of places) {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (inside) => {
      const outside = net.connect({ path: socket, allowHalfOpen: true });
      const end = (): void => {
        inside.destroy();
        outside.destroy();
      };
      for (const side of [inside, outside]) {
        side.on('error', end).once('close', () => {
          // After a clean end the other side may still hold what a slow reader has not taken.
          if (!side.readableEnded || !side.writableFinished) end();
        });
      }
      const join = (): void => {
        inside.pipe(outside);
        outside.pipe(inside);
      };
      if (direct) {
        join();
        return;
      }
      const host = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
      outside.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      let head = Buffer.alloc(0);
      const answer = (data: Buffer): void => {
        head = Buffer.concat([head, data]);
        const over = head.indexOf('\r\n\r\n');
        if (over === -1 && head.length < 8192) return;
        outside.off('data', answer).pause();
        if (!/^HTTP\/1\.[01] 200 /.test(head.toString('latin1'))) {
          end();
          return;
        }
        outside.unshift(head.subarray(over + 4));
        join();
      };
      outside.on('data', answer);
    });
    server.on('error', (error) => {
      fs.writeSync(statusDescriptor, error.message);
      process.exit(1);
    });
    server.listen({ host: address, port, backlog: 511 }, () => {
      missing -= 1;
      if (missing === 0) fs.writeSync(statusDescriptor, 'ready');
    });
  }
}

/** The program as an argument of `node -e`. */
export function bridgeProgram(options: {
  readonly socket: string;
  readonly statusDescriptor: number;
  readonly loopback: readonly LoopbackService[];
  /** Where the proxy is seen. Absent: where all sandboxes have it. */
  readonly at?: LoopbackService;
}): string {
  const { socket, statusDescriptor, loopback, at = PROXY_INSIDE } = options;
  const places = [{ ...at, direct: true }, ...loopback.map((place) => ({ ...place, direct: false }))];
  return `(${bridge})(${JSON.stringify(socket)}, ${statusDescriptor}, ${JSON.stringify(places)})`;
}

interface BridgeStatus {
  push(text: string): void;
  end(): void;
  /** Resolves once it listens; rejects when it ended before. */
  readonly ready: Promise<string>;
  readonly failure: () => string | undefined;
}

export function createBridgeStatus(): BridgeStatus {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // The caller may wait for it, and does not have to.
  promise.catch(() => undefined);
  let text = '';
  let failure: string | undefined;
  return {
    push(more) {
      text = (text + more).slice(0, 500);
      if (text === 'ready') resolve('x');
    },
    end() {
      if (text === 'ready') return;
      failure = `the way to the network did not start: ${text || 'it ended at once'}`;
      reject(new Error(failure));
    },
    ready: promise,
    failure: () => failure,
  };
}
