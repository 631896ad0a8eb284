import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Carrier } from '../../../shared/json-rpc/carrier.ts';
import { createListeners } from '../../../shared/listeners.ts';
import type { Served } from './connection.ts';
import { openDoor } from './door.ts';
import { ensureShortFolder, type SocketPlace, shortFolderState, socketPlace } from './socket-place.ts';
import { createStreamCarrier } from './stream-carrier.ts';

/** The door of a data directory for the command line. */
export interface LocalSocket {
  readonly path: string;
  /** Clients that are connected now: a core that a command hosts stays until they have gone. */
  guests(): number;
  onGuestsChange(listener: () => void): () => void;
  /** Disconnects every client. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the door. Only the core that holds the data directory's lock may: what it finds in its way was left by a core
 * that is gone. On Unix the socket is 0600 in a folder that only the user enters.
 * @throws PerchError SOCKET_FOLDER_NOT_OURS, DATA_DIRECTORY_NOT_WRITABLE
 */
export async function openLocalSocket(options: {
  app: Served;
  dataDir: string;
  tmpDir?: string;
}): Promise<LocalSocket> {
  const place = placeOf(options);
  if (place.shortFolder !== undefined) ensureShortFolder(place.shortFolder);
  const guests = createGuestList();
  const server = createServer((socket) => {
    guests.add(socket);
    openDoor({ app: options.app, carrier: createStreamCarrier(socket), caller: { kind: 'command-line' } });
  });
  await listen(server, place);
  // A connection that could not be accepted is that client's loss, not the core's.
  server.on('error', (error) =>
    options.app.log.write({ level: 'warn', source: 'local-socket', message: error.message }),
  );
  let closing: Promise<void> | undefined;
  return {
    path: place.path,
    guests: guests.count,
    onGuestsChange: guests.onChange,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        guests.sendAway();
      });
      return closing;
    },
  };
}

/**
 * Connects to the core that runs for a data directory; null when none does.
 * @throws PerchError SOCKET_FOLDER_NOT_OURS, CORE_UNREACHABLE
 */
export async function connectLocalSocket(dataDir: string, tmpDir?: string): Promise<Carrier | null> {
  const place = placeOf(tmpDir === undefined ? { dataDir } : { dataDir, tmpDir });
  if (place.shortFolder !== undefined && shortFolderState(place.shortFolder) === 'not-ours') {
    throw new PerchError('SOCKET_FOLDER_NOT_OURS', { folder: place.shortFolder });
  }
  return await new Promise((resolve, reject) => {
    const socket = connect(place.path);
    socket.once('connect', () => resolve(createStreamCarrier(socket)));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK'].includes(error.code ?? '')) resolve(null);
      else reject(new PerchError('CORE_UNREACHABLE', { directory: dataDir }, { cause: error }));
    });
  });
}

function placeOf(options: { dataDir: string; tmpDir?: string }): SocketPlace {
  const { dataDir, tmpDir = tmpdir() } = options;
  return socketPlace({ dataDir, tmpDir, platform: process.platform });
}

async function listen(server: Server, { path }: SocketPlace): Promise<void> {
  const isFile = process.platform !== 'win32';
  if (isFile) rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dirname(path) }, { cause: error }));
    });
    server.listen(path, resolve);
  });
  if (isFile) chmodSync(path, 0o600);
}

function createGuestList() {
  const sockets = new Set<Socket>();
  const listeners = createListeners();
  const tell = () => {
    listeners.notify();
  };
  return {
    add(socket: Socket): void {
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        tell();
      });
      tell();
    },
    count: () => sockets.size,
    onChange(listener: () => void): () => void {
      return listeners.add(listener);
    },
    sendAway(): void {
      for (const socket of sockets) socket.destroy();
    },
  };
}
