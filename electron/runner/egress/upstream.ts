import { type RequestOptions, request } from 'node:http';
import { request as requestByTls } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { defined } from '../../../shared/defined.ts';
import { compileExceptions } from '../../../shared/egress/exceptions.ts';
import type { Host } from '../../../shared/egress/host-name.ts';
import { isCertificateError } from '../../../shared/egress/tls-errors.ts';
import type { ProxyProblem, UpstreamProxy } from '../../../shared/model/egress.ts';
import type { Clock } from '../../node/clock.ts';
import { parseHost } from '../../node/parse-host.ts';
import { DialError, UpstreamError } from './dial.ts';

export interface Upstream {
  /** True when connections to the host go through the proxy. */
  takes(host: Host, port: number): boolean;
  /** A name is not resolved here: the proxy does that. Rejects with DialError. */
  dial(host: string, port: number): Promise<Socket>;
}

/** Chains through a proxy by CONNECT, plain HTTP included: then it sees names and ports, and no requests. */
export function createUpstream(proxy: UpstreamProxy, { clock, limitMs }: { clock: Clock; limitMs: number }): Upstream {
  const isException = compileExceptions(proxy.exceptions, parseHost);
  return {
    takes: (host, port) => !isException(host, port),
    dial(host, port) {
      const opened = Promise.withResolvers<Socket>();
      const asked = askFor(`${host.includes(':') ? `[${host}]` : host}:${port}`, proxy);
      const fail = (error: DialError) => {
        opened.reject(error);
        asked.destroy();
      };
      const takeBack = clock.after(limitMs, () => fail(new DialError('too-late', host)));
      asked.on('error', (error) => fail(new UpstreamError(problemOf(error), host)));
      asked.on('response', ({ statusCode }) => fail(new UpstreamError(problemOfStatus(statusCode), host)));
      asked.once('connect', ({ statusCode }, socket: Socket, head) => {
        if (statusCode !== 200) {
          socket.destroy();
          fail(new UpstreamError(problemOfStatus(statusCode), host));
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

function askFor(target: string, { protocol, host, port, authorization, certificates }: UpstreamProxy) {
  const options: RequestOptions = {
    host,
    port,
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: { host: target, ...defined({ 'proxy-authorization': authorization }) },
  };
  if (protocol === 'http') return request(options);
  const ca = certificates === undefined ? [] : [certificates];
  return requestByTls({
    ...options,
    ca: [...getCACertificates('default'), ...ca],
    // Without it Node takes the name of the `Host` header, which is the target's.
    servername: isIP(host) ? '' : host,
    // Said outright: an environment variable could turn it off.
    rejectUnauthorized: true,
  });
}

function problemOfStatus(status: number | undefined): ProxyProblem {
  return status === 407 ? 'credential' : 'host';
}

function problemOf(error: Error): ProxyProblem {
  return 'code' in error && isCertificateError(error.code) ? 'certificate' : 'unreachable';
}
