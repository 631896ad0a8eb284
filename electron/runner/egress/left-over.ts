import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Of each proxy, in the system's folder for temporary files. */
export const FOLDER_PREFIX = 'perch-egress-';
export const SOCKET_NAME = 'way-out';

/** Milliseconds for a proxy between making its folder and listening in it. */
const YOUNG_MS = 60_000;

/**
 * Removes the folders of proxies whose runner was killed: of this user, and with nobody listening. Whether somebody
 * does is asked of the socket, not of a process number: a runner may live where its number means nothing here.
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

/** A folder for temporary files that nobody may list is no reason to start nothing. */
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
    // Anything but these two says nothing about whether somebody is there.
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
