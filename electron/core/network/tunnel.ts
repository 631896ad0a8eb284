import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { defined } from '../../../shared/defined.ts';
import { isCertificateError } from '../../../shared/egress/tls-errors.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import { codeOf } from '../../node/error-code.ts';
import { trusted } from './trust.ts';

/**
 * A connection to `target` (`host:port`) through the proxy, by CONNECT.
 * @throws PerchError PROXY_REFUSED_CREDENTIAL, PROXY_REFUSED_HOST, PROXY_UNREACHABLE, PROXY_CERTIFICATE_NOT_TRUSTED;
 *   an AbortError when `signal` ended it
 */
export function openTunnel(proxy: UpstreamProxy, target: string, signal: AbortSignal | undefined): Promise<Socket> {
  const { protocol, host, port, authorization, certificates } = proxy;
  const where = `${host}:${port}`;
  const opened = Promise.withResolvers<Socket>();
  const options: RequestOptions = {
    ...{ host, port, method: 'CONNECT', path: target, agent: false },
    headers: { host: target, ...defined({ 'proxy-authorization': authorization }) },
    ...defined({ signal }),
  };
  const asked =
    protocol === 'http' ? requestHttp(options) : requestHttps({ ...options, ...trusted(certificates), ...named(host) });
  const refuse = (status: number | undefined): void => {
    asked.destroy();
    const code = status === 407 ? 'PROXY_REFUSED_CREDENTIAL' : 'PROXY_REFUSED_HOST';
    opened.reject(new PerchError(code, { proxy: where, host: target, status: status ?? 0 }));
  };
  asked.on('response', ({ statusCode }) => refuse(statusCode));
  asked.on('connect', ({ statusCode }, socket: Socket, head) => {
    if (statusCode !== 200) {
      socket.destroy();
      return refuse(statusCode);
    }
    if (head.length > 0) socket.unshift(head);
    opened.resolve(socket);
  });
  asked.on('error', (error) => {
    if (signal?.aborted) return opened.reject(error);
    const reason = codeOf(error);
    const code = isCertificateError(reason) ? 'PROXY_CERTIFICATE_NOT_TRUSTED' : 'PROXY_UNREACHABLE';
    opened.reject(new PerchError(code, { proxy: where, reason }, { cause: error }));
  });
  asked.end();
  return opened.promise;
}

/** Without it Node takes the name of the `Host` header, which is the target's. An address is no server name (RFC 6066). */
function named(host: string): { servername: string } {
  return { servername: isIP(host) ? '' : host };
}
