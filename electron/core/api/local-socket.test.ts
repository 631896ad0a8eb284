import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Carrier } from '../../../shared/json-rpc/carrier.ts';
import { createPeer, type Peer } from '../../../shared/json-rpc/peer.ts';
import { lockDataDirectory } from './core-lock.ts';
import { connectLocalSocket, type LocalSocket, openLocalSocket } from './local-socket.ts';
import { socketPlace } from './socket-place.ts';
import { servedApp } from './testing/served.ts';

let folder: string;
let closing: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-socket-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(dataDir: string, given: Parameters<typeof servedApp>[0] = {}): Promise<LocalSocket> {
  const lock = lockDataDirectory(dataDir);
  closing.push(() => lock.release());
  const socket = await openLocalSocket({ app: servedApp(given).app, dataDir, tmpDir: folder });
  closing.push(() => socket.close());
  return socket;
}
async function connected(dataDir: string): Promise<Carrier> {
  const carrier = await connectLocalSocket(dataDir, folder);
  if (carrier === null) throw new Error('nobody answers');
  return carrier;
}
const client = (carrier: Carrier): Peer => createPeer({ carrier, onRequest: async () => null, onNotification() {} });
const mode = (path: string) => statSync(path).mode & 0o777;

test('the command line asks the core of a data directory, also what a window may not', async () => {
  const dataDir = join(folder, 'data');
  const { path } = await open(dataDir, { 'host.windowUrl': async () => ({ url: 'http://127.0.0.1:9/' }) });
  expect(path).toBe(join(dataDir, 'run', 'core.sock'));
  expect([mode(path), mode(dirname(path))]).toEqual([0o600, 0o700]);
  const peer = client(await connected(dataDir));
  expect(await peer.request('host.windowUrl', {})).toEqual({ url: 'http://127.0.0.1:9/' });
});

test('nobody runs: null, whether nothing is there or only what a crashed core left', async () => {
  const dataDir = join(folder, 'data');
  expect(await connectLocalSocket(dataDir, folder)).toBeNull();
  const { path } = socketPlace({ dataDir, tmpDir: folder, platform: 'linux' });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  expect(await connectLocalSocket(dataDir, folder)).toBeNull();
  // What is left over does not keep the next core from opening its door.
  await open(dataDir);
  (await connected(dataDir)).close();
});

test('a data directory with a long path is served through a short folder of our own', async () => {
  const dataDir = join(folder, 'd'.repeat(120));
  const { path } = await open(dataDir);
  expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
  expect(dirname(dirname(path))).toBe(folder);
  expect([mode(path), mode(dirname(path))]).toEqual([0o600, 0o700]);
  (await connected(dataDir)).close();
});

test('a short folder that others may enter is refused by both sides', async () => {
  const dataDir = join(folder, 'd'.repeat(120));
  const { shortFolder = '', path } = socketPlace({ dataDir, tmpDir: folder, platform: 'linux' });
  mkdirSync(shortFolder);
  chmodSync(shortFolder, 0o755);
  const planted = createServer(() => {});
  planted.listen(path);
  await once(planted, 'listening');
  closing.push(() => planted.close());
  const refused = { code: 'SOCKET_FOLDER_NOT_OURS', values: { folder: shortFolder } };
  await expect(open(dataDir)).rejects.toMatchObject(refused);
  await expect(connectLocalSocket(dataDir, folder)).rejects.toMatchObject(refused);
  // Positive control: the same folder with the right mode is taken.
  chmodSync(shortFolder, 0o700);
  expect(await connectLocalSocket(dataDir, folder)).not.toBeNull();
});

test('guests are counted as they come and go', async () => {
  const dataDir = join(folder, 'data');
  const socket = await open(dataDir);
  const counts: number[] = [];
  const change = () => new Promise<void>((resolve) => closing.push(socket.onGuestsChange(resolve)));
  const stop = socket.onGuestsChange(() => counts.push(socket.guests()));
  let changed = change();
  const first = await connected(dataDir);
  await changed;
  changed = change();
  const second = await connected(dataDir);
  await changed;
  changed = change();
  first.close();
  await changed;
  stop();
  second.close();
  expect(counts).toEqual([1, 2, 1]);
});

test('closing the door disconnects everybody, and settles what they wait for', async () => {
  const dataDir = join(folder, 'data');
  const socket = await open(dataDir, { 'runner.restart': () => new Promise(() => {}) });
  const peer = client(await connected(dataDir));
  const waiting = peer.request('runner.restart', {});
  await peer.request('settings.update', { patch: {} }).catch(() => {});
  await Promise.all([socket.close(), socket.close(), expect(waiting).rejects.toThrow('the connection is closed')]);
  expect(await connectLocalSocket(dataDir, folder)).toBeNull();
});

test('a client that does not read is disconnected', async () => {
  const dataDir = join(folder, 'data');
  const socket = await open(dataDir, { 'logs.file': async () => ({ path: 'x'.repeat(1024 * 1024), revealed: false }) });
  const deaf = connect(socket.path);
  closing.push(() => deaf.destroy());
  deaf.pause();
  for (let id = 1; id <= 100; id++) {
    deaf.write(`{"jsonrpc":"2.0","id":${id},"method":"logs.file","params":{"log":"core","reveal":false}}\n`);
  }
  await new Promise<void>((resolve) => {
    socket.onGuestsChange(() => socket.guests() === 0 && resolve());
  });
});
