import type { Socket } from 'node:net';
import { type Open, type Target, whyNot } from './open.ts';
import {
  readGreeting,
  readRequest,
  SOCKS_METHOD,
  SOCKS_REPLY,
  SOCKS_VERSION,
  type SocksRead,
  socksReply,
} from './socks.ts';

/** Serves one client that began with SOCKS5. `onAsked`: it has said where it wants to go, or will never. */
export function serveSocks(client: Socket, { open, onAsked }: { open: Open; onAsked: () => void }): void {
  let read: (bytes: Buffer) => SocksRead = readGreeting;
  let bytes = Buffer.alloc(0);

  const stop = (): void => {
    client.off('data', take);
    client.pause();
    onAsked();
  };
  const end = (answer: Buffer): void => {
    stop();
    client.end(answer);
  };
  const connect = (target: Target): void => {
    stop();
    if (bytes.length > 0) client.unshift(bytes);
    open.tunnel(client, target).then(
      (join) => {
        client.write(socksReply(SOCKS_REPLY.done));
        join();
      },
      (error: unknown) => {
        const { kind } = whyNot(error);
        client.end(socksReply(kind === 'refused' ? SOCKS_REPLY.notAllowed : SOCKS_REPLY.hostUnreachable));
      },
    );
  };
  /** Answers true when there may be more to read. */
  const obey = (found: SocksRead): boolean => {
    if (found.kind === 'broken') client.destroy();
    if (found.kind === 'unsupported') end(socksReply(found.reply));
    if (found.kind === 'connect') connect(found);
    if (found.kind !== 'greeting') return false;
    client.write(Buffer.from([SOCKS_VERSION, found.withoutPassword ? SOCKS_METHOD.none : SOCKS_METHOD.noneAcceptable]));
    read = readRequest;
    if (!found.withoutPassword) {
      stop();
      client.end();
    }
    return found.withoutPassword;
  };
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    let more = true;
    while (more) {
      const found = read(bytes);
      if ('length' in found) bytes = bytes.subarray(found.length);
      more = obey(found);
    }
  };

  client.on('data', take);
  client.resume();
}
