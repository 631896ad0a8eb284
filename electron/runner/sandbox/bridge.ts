/** Where the sandbox shows the egress proxy: one port, HTTP and SOCKS. */
export const PROXY_PORT = 3128;

/**
 * The program between the sandbox's own network and the egress proxy's socket on the host: it carries bytes and
 * understands none. It writes `ready` to its status descriptor, or why it cannot work, and then ends. Started as text,
 * `node -e`, so that no file has to be found and shown. Reaches for nothing outside of its own braces.
 */
function bridge(socket: string, port: number, statusDescriptor: number): void {
  const net = process.getBuiltinModule('node:net');
  const fs = process.getBuiltinModule('node:fs');
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (inside) => {
    const outside = net.connect({ path: socket, allowHalfOpen: true });
    const end = (): void => {
      inside.destroy();
      outside.destroy();
    };
    inside.on('error', end).on('close', end);
    outside.on('error', end).on('close', end);
    inside.pipe(outside);
    outside.pipe(inside);
  });
  server.on('error', (error) => {
    fs.writeSync(statusDescriptor, error.message);
    process.exit(1);
  });
  server.listen({ host: '127.0.0.1', port, backlog: 511 }, () => {
    fs.writeSync(statusDescriptor, 'ready');
  });
}

/** As the argument of `node -e`. */
export function bridgeProgram(options: { readonly socket: string; readonly statusDescriptor: number }): string {
  const { socket, statusDescriptor } = options;
  return `(${bridge})(${JSON.stringify(socket)}, ${PROXY_PORT}, ${statusDescriptor})`;
}

export interface BridgeStatus {
  push(text: string): void;
  end(): void;
  /** Resolves once it listens; rejects when it ended before. */
  readonly ready: Promise<string>;
  readonly failure: () => string | undefined;
}

export function createBridgeStatus(): BridgeStatus {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Whoever waits for it is told; nobody has to.
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
