import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import type { Clock } from '../process/clock.ts';
import { DialError } from './dial.ts';

export interface Upstream {
  /** By name: it resolves for itself. */
  dial(name: string, port: number): Promise<Socket>;
}

/** Chains through a proxy by CONNECT, plain HTTP included: then it sees names and ports, and no requests. */
export function createUpstream(
  { host, port, authorization }: UpstreamProxy,
  { clock, limitMs }: { clock: Clock; limitMs: number },
): Upstream {
  return {
    dial(name, targetPort) {
      const opened = Promise.withResolvers<Socket>();
      const target = `${name}:${targetPort}`;
      const asked = request({
        host,
        port,
        method: 'CONNECT',
        path: target,
        agent: false,
        headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
      });
      const fail = (kind: 'unreachable' | 'too-late') => {
        opened.reject(new DialError(kind, name));
        asked.destroy();
      };
      const takeBack = clock.after(limitMs, () => fail('too-late'));
      asked.on('error', () => fail('unreachable'));
      asked.on('response', () => fail('unreachable'));
      asked.once('connect', (response, socket: Socket, head) => {
        if (response.statusCode !== 200) {
          socket.destroy();
          fail('unreachable');
          return;
        }
        socket.on('error', () => undefined);
        if (head.length > 0) socket.unshift(head);
        opened.resolve(socket);
      });
      asked.end();
      return opened.promise.finally(takeBack);
    },
  };
}
