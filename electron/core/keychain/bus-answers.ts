import { createConnection } from 'node:net';

/**
 * Finds out whether the D-Bus session bus answers its first bytes within `timeoutMs`. The keyring's native part
 * connects in the calling thread and would wait for a silent bus for ever, and the whole process with it. False only
 * for silence: the native part itself reports an address that leads nowhere, at once and with its reason.
 */
export function busAnswers(address: string | undefined, timeoutMs: number): Promise<boolean> {
  const path = address === undefined ? undefined : socketPath(address);
  if (path === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    const finish = (answers: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.once('connect', () => socket.write(`\0AUTH EXTERNAL ${hexUserId()}\r\n`));
    socket.once('data', () => finish(true));
    socket.once('error', () => finish(true));
    socket.once('close', () => finish(true));
  });
}

/** The first address of a list, when it is a Unix socket: `unix:path=/run/user/1000/bus,guid=…`. */
function socketPath(address: string): string | undefined {
  const match = /^unix:(?:[^;]*,)?(path|abstract)=([^,;]+)/.exec(address);
  if (match?.[2] === undefined) return undefined;
  const name = decodeURIComponent(match[2]);
  return match[1] === 'abstract' ? `\0${name}` : name;
}

function hexUserId(): string {
  return Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
}
