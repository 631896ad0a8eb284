import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port of this machine's loopback that leads to a Unix socket. */
export interface LoopbackDoor {
  readonly port: number;
  /** Every connection ends. Idempotent. */
  close(): void;
}

/** For sandboxes that have no network of their own. @throws Error of the system when no port can be had */
export async function openLoopbackDoor(socketPath: string): Promise<LoopbackDoor> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (inside) => {
    const outside = connect({ path: socketPath, allowHalfOpen: true });
    const sides = [inside, outside];
    for (const side of sides) {
      open.add(side);
      side
        .on('error', () => undefined)
        .once('close', () => {
          open.delete(side);
          if (side.readableEnded && side.writableFinished) return;
          for (const other of sides) other.destroy();
        });
    }
    inside.pipe(outside);
    outside.pipe(inside);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
