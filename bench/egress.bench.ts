/**
 * What the way out costs: 256 MB from a server on loopback, directly and through the egress proxy. Client, proxy and
 * server run in threads of their own, as they run in processes of their own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { systemClock } from '../electron/node/clock.ts';
import { startEgress } from '../electron/runner/egress/proxy.ts';
import { report } from './report.ts';

const BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(256 * 1024, 'x');
const ROUNDS = 9;
const WARM_UP = 2;
/** One more program in the way copies every byte once more; 2 s for 256 MB are a gigabit a second. */
const LIMITS = { ratio: 2, milliseconds: 2000 };

type Role = { readonly kind: 'server' } | { readonly kind: 'proxy'; readonly port: number; readonly folder: string };

if (isMainThread) process.exit(await measure());
else play(workerData as Role);

function play(role: Role): void {
  if (role.kind === 'server') {
    const server = createServer(send).listen(0, '127.0.0.1', () => {
      parentPort?.postMessage((server.address() as AddressInfo).port);
    });
    return;
  }
  const proxy = startEgress({
    folder: role.folder,
    rules: { hosts: [], loopback: [{ address: '127.0.0.1', port: role.port }] },
    clock: systemClock,
    onRefused() {},
    onGone() {},
  });
  parentPort?.postMessage(proxy.socketPath);
}

function send(socket: Socket): void {
  let left = BYTES;
  const more = (): void => {
    while (left > 0) {
      left -= CHUNK.length;
      if (!socket.write(CHUNK)) return void socket.once('drain', more);
    }
    socket.end();
  };
  more();
}

async function measure(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-bench-'));
  const workers: Worker[] = [];
  try {
    const port = await started<number>({ kind: 'server' }, workers);
    const socketPath = await started<string>({ kind: 'proxy', port, folder }, workers);
    const bare: number[] = [];
    const through: number[] = [];
    for (let round = 0; round < ROUNDS + WARM_UP; round++) {
      const direct = await timed(async () => connect(port, '127.0.0.1'));
      const proxied = await timed(() => tunnel(socketPath, port));
      if (round < WARM_UP) continue;
      bare.push(direct);
      through.push(proxied);
    }
    return report('egress, 256 MB', { bare, through, limits: LIMITS });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function started<T>(role: Role, workers: Worker[]): Promise<T> {
  const worker = new Worker(new URL(import.meta.url), { workerData: role });
  workers.push(worker);
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

function tunnel(socketPath: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: 'CONNECT', path: `127.0.0.1:${port}`, agent: false });
    asked.on('error', reject).on('connect', (_response, socket: Socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.end();
  });
}

/** Milliseconds until the last byte is there. */
async function timed(open: () => Promise<Socket>): Promise<number> {
  const from = performance.now();
  const socket = await open();
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject));
  socket.destroy();
  if (bytes !== BYTES) throw new Error(`${bytes} of ${BYTES} bytes came`);
  return performance.now() - from;
}
