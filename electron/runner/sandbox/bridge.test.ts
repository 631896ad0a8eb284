import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { bridgeProgram } from './bridge.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listening(server: Server, where: string | { port: number; host: string }): Promise<AddressInfo> {
  server.listen(where);
  cleanUps.push(() => server.close());
  await once(server, 'listening');
  return server.address() as AddressInfo;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listening(server, { port: 0, host: '127.0.0.1' });
  server.close();
  await once(server, 'close');
  return port;
}

/** The bridge in a process of its own, in front of `server`. */
async function startBridge(server: Server): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-bridge-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const socket = join(folder, 's');
  await listening(server, socket);
  const port = await freePort();
  const at = { address: '127.0.0.1', port };
  const bridge = spawn(process.execPath, ['-e', bridgeProgram({ socket, statusDescriptor: 3, loopback: [], at })], {
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  cleanUps.push(() => bridge.kill('SIGKILL'));
  const [status] = await once(bridge.stdio[3] as Readable, 'data');
  expect(String(status)).toBe('ready');
  return port;
}

it('gives a slow reader everything that was sent before a clean end', { timeout: 60_000 }, async () => {
  // Ends with less than what a stream takes without asking its writer to wait.
  const size = 24 * 1024 * 1024 + 1000;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume().once('end', () => socket.end(Buffer.alloc(size, 7)));
  });
  const client = connect({ port: await startBridge(server), host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined).end('asked, and nothing more');
  let read = 0;
  client.on('data', (data: Buffer) => {
    read += data.length;
    client.pause();
    setTimeout(() => client.resume(), 1);
  });
  await once(client, 'close');
  expect(read).toBe(size);
});

it('breaks one side when the other broke', { timeout: 60_000 }, async () => {
  const server = createServer();
  const accepted = once(server, 'connection');
  const client = connect({ port: await startBridge(server), host: '127.0.0.1' });
  client.on('error', () => undefined).write('x');
  const [socket] = await accepted;
  await once(socket, 'data');
  client.resetAndDestroy();
  await once(socket.resume(), 'close');
  expect(client.destroyed).toBe(true);
});
