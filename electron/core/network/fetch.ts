import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { defined } from '../../../shared/defined.ts';
import { certificateProblem } from '../../../shared/egress/tls-errors.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { codeOf } from '../../node/error-code.ts';
import type { NetworkService } from './network-service.ts';
import { trusted } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** The parts of a request: text or a form, no stream. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: string | URLSearchParams;
  readonly signal?: AbortSignal;
}

/**
 * Sends one request of Perch's own, by the way that the user's network asks for. It follows no redirect, keeps no
 * connection, and takes nothing from this process's environment. A caller that does not want the body destroys it by
 * `signal`.
 * @throws PerchError PROXY_*, CERTIFICATE_*, CA_FILE_*, KEYCHAIN_*; otherwise the system's error, with its `code`
 */
export type Fetch = (url: string, init?: FetchInit) => Promise<Response>;

/** Perch's way out: nothing else in the core makes requests. */
export function createFetch(network: Pick<NetworkService, 'routeTo'>): Fetch {
  return async (address, init = {}) => {
    const url = new URL(address);
    const { proxy, certificates } = await network.routeTo(url);
    init.signal?.throwIfAborted();
    const tunnel = proxy && (await openTunnel(proxy, authorityOf(url), init.signal));
    return await send(url, init, { tunnel, certificates });
  };
}

function send(
  url: URL,
  { method = 'GET', headers, body, signal }: FetchInit,
  { tunnel, certificates }: { tunnel: Socket | undefined; certificates: string | undefined },
): Promise<Response> {
  const answered = Promise.withResolvers<Response>();
  const byTls = url.protocol === 'https:';
  const text = body === undefined ? undefined : String(body);
  const options: RequestOptions = {
    method,
    headers: { 'user-agent': 'perch', ...headersOf(headers, body), ...lengthOf(text) },
    ...trusted(certificates),
    ...defined({ signal }),
    ...(tunnel === undefined
      ? { agent: false }
      : { createConnection: () => (byTls ? secured(tunnel, url, certificates) : tunnel) }),
  };
  const request = (byTls ? requestHttps : requestHttp)(url, options);
  request.on('error', (error) => {
    const problem = certificateProblem(codeOf(error));
    const explained = problem && new PerchError(problem, { host: url.host, reason: codeOf(error) }, { cause: error });
    answered.reject(signal?.aborted ? signal.reason : (explained ?? error));
  });
  request.on('response', (response) => answered.resolve(toResponse(response)));
  request.end(text);
  return answered.promise;
}

function secured(socket: Socket, { hostname }: URL, certificates: string | undefined): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  // An address is no server name (RFC 6066); `host` is what the certificate is held against.
  return connectTls({ socket, host, ...(isIP(host) ? {} : { servername: host }), ...trusted(certificates) });
}

function headersOf(headers: FetchInit['headers'], body: FetchInit['body']): Record<string, string> {
  const given = new Headers(headers);
  if (body instanceof URLSearchParams && !given.has('content-type')) {
    given.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  }
  return Object.fromEntries(given);
}

function lengthOf(text: string | undefined): Record<string, string> {
  return text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
}

/** Statuses that have no body, and which a Response refuses one for. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

function toResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 0, headersDistinct } = answer;
  const pairs = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  // An error after the last reader has left has no one to report to.
  answer.on('error', () => undefined);
  if (!WITHOUT_BODY.includes(status)) {
    return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers: pairs });
  }
  answer.resume();
  return new Response(null, { status, headers: pairs });
}

function authorityOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'http:' ? 80 : 443) : port}`;
}
