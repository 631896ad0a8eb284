import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Prefix of each proxy's folder, in the system's folder for temporary files. */
export const FOLDER_PREFIX = 'perch-egress-';
export const SOCKET_NAME = 'way-out';

/** Milliseconds for a proxy between making its folder and listening in it. */
const YOUNG_MS = 60_000;

/**
 * Removes the folders of proxies whose runner was killed: folders of this user without a listener. The socket itself is
 * asked, not a process number: a runner may live where its number means nothing here.
 */
export async function removeLeftOver(parent: string, now: number): Promise<void> {
  const names = entriesOf(parent).filter((name) => name.startsWith(FOLDER_PREFIX));
  const ours = names.map((name) => join(parent, name)).filter((folder) => isOurs(folder, now));
  await Promise.all(
    ours.map(async (folder) => {
      if (!(await isListening(join(folder, SOCKET_NAME)))) rmSync(folder, { recursive: true, force: true });
    }),
  );
}

/** An unreadable folder for temporary files does not keep a session from starting. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isOurs(folder: string, now: number): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory() || stat.uid !== process.getuid?.()) return false;
  const socket = lstatSync(join(folder, SOCKET_NAME), { throwIfNoEntry: false });
  return socket === undefined ? now - stat.mtimeMs > YOUNG_MS : socket.isSocket();
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Any other answer leaves it open whether a proxy listens.
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
