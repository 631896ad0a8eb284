import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Joins two connections, byte for byte, each as fast as the other takes it. An end on one side is passed on, so that
 * the other may still answer; a broken side breaks the other.
 */
export function joinConnections(client: Duplex, server: Socket, idleMs: number): void {
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  // Bytes of either direction count: both pass this socket.
  server.setTimeout(idleMs, end);
  for (const side of [client, server]) {
    side.on('error', end);
    side.once('close', () => {
      // Bytes that were read already leave first; after a clean end they have.
      if (!side.readableEnded || !side.writableFinished) end();
    });
  }
  client.pipe(server);
  server.pipe(client);
}
