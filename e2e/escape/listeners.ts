import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** Services of the host that no session was given. They answer everything with the same page and keep what they got. */
export interface Listeners {
  readonly variables: Readonly<Record<string, string>>;
  readonly port: number;
  received(): string;
  forget(): void;
  close(): void;
}

const PAGE = 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok';
const AGENT_SOCKETS = ['docker.sock', 'ssh-agent.sock', 'bus'];

export async function startListeners(folder: string): Promise<Listeners> {
  let received = '';
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      received += data.toString('latin1');
      socket.end(PAGE);
    });
  };
  const servers: Server[] = [];
  const listen = async (where: { host: string; port: number } | { path: string }): Promise<number> => {
    const server = createServer(take).listen(where);
    await once(server, 'listening');
    servers.push(server);
    const address = server.address() as AddressInfo | string | null;
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  };
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const own = all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  const port = await listen({ host: '0.0.0.0', port: 0 });
  const port6 = await listen({ host: '::1', port: 0 });
  const udp = createSocket('udp4', (data) => {
    received += data.toString('latin1');
  });
  udp.bind(0);
  await once(udp, 'listening');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of AGENT_SOCKETS) {
    await listen({ path: join(folder, name) });
    chmodSync(join(folder, name), 0o777);
  }
  const abstract = `perch-escape-${process.pid}-${port}`;
  await listen({ path: `\0${abstract}` });
  return {
    port,
    variables: {
      PORT: String(port),
      PORT6: String(port6),
      UDP: String(udp.address().port),
      OWN: own,
      SOCKETS: folder,
      ABSTRACT: abstract,
    },
    received: () => received,
    forget() {
      received = '';
    },
    close() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
      udp.close();
    },
  };
}
