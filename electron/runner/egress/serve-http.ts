import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { splitAuthority } from '../../../shared/egress/host-name.ts';
import type { ProxyProblem } from '../../../shared/model/egress.ts';
import { type DialError, UpstreamError } from './dial.ts';
import { endToEndHeaders } from './headers.ts';
import type { EgressLimits } from './limits.ts';
import { type Open, type Target, whyNot } from './open.ts';

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/**
 * `CONNECT` and plain HTTP. Node's strict parser reads the requests and writes them anew, so that nothing which two
 * programs could read differently reaches the other side. It listens nowhere: connections are handed to it.
 */
export function createHttpSide({
  open,
  limits,
  onAsked,
}: {
  open: Open;
  limits: EgressLimits;
  /** This client has said where it wants to go. */
  onAsked: (client: Duplex) => void;
}): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    requireHostHeader: true,
    // A body takes as long as it takes; a connection without a byte is ended by the idle limit.
    requestTimeout: 0,
    keepAliveTimeout: limits.handshake,
    highWaterMark: 256 * 1024,
  });
  server.maxHeadersCount = 200;
  server.timeout = limits.idle;
  server.on('connect', (request, client, head) => {
    onAsked(client);
    void serveConnect({ request, client, head, open });
  });
  server.on('request', (request, response) => {
    onAsked(request.socket);
    void serveRequest(request, response, open);
  });
  server.on('clientError', (_error, client) => {
    if (client.writable) client.end(BAD_REQUEST);
    else client.destroy();
  });
  return server;
}

async function serveConnect({
  request,
  client,
  head,
  open,
}: {
  request: IncomingMessage;
  client: Duplex;
  head: Buffer;
  open: Open;
}): Promise<void> {
  client.on('error', () => client.destroy());
  const target = splitAuthority(request.url ?? '');
  if (target === undefined) {
    client.end(BAD_REQUEST);
    return;
  }
  try {
    const join = await open.tunnel(client, target);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) client.unshift(head);
    join();
  } catch (error) {
    const { status, message, proxyStatus, text } = answerOf(whyNot(error), target);
    client.end(
      `HTTP/1.1 ${status} ${message}\r\nProxy-Status: ${proxyStatus}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
    );
  }
}

async function serveRequest(request: IncomingMessage, response: ServerResponse, open: Open): Promise<void> {
  const asked = absoluteForm(request.url ?? '');
  if (asked === undefined) {
    refuse(response, 400, 'Perch: this is a proxy. Send CONNECT, or a request for http://HOST/PATH\n');
    return;
  }
  const { target, authority, path } = asked;
  try {
    const socket = await open.connection(target);
    if (response.destroyed) socket.destroy();
    const forwarded = sendRequest({
      method: request.method ?? 'GET',
      path,
      // A list of pairs goes out as it is: Node adds nothing to it.
      headers: ['Host', authority, ...endToEndHeaders(request), 'Connection', 'close'],
      createConnection: () => socket,
      maxHeaderSize: 64 * 1024,
    });
    response.once('close', () => forwarded.destroy());
    forwarded.on('error', () => breakOff(response));
    forwarded.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', endToEndHeaders(answer));
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    request.pipe(forwarded);
  } catch (error) {
    const { status, proxyStatus, text } = answerOf(whyNot(error), target);
    response.setHeader('Proxy-Status', proxyStatus);
    refuse(response, status, text);
  }
}

function breakOff(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else refuse(response, 502, 'Perch: the host did not answer in HTTP\n');
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(text);
}

/** The parts are taken as they stand: a path that is put in order is another path. */
function absoluteForm(url: string): { target: Target; authority: string; path: string } | undefined {
  const match = /^http:\/\/([^/?#\\@]+)([/?][^#]*)?$/i.exec(url);
  const authority = match?.[1] ?? '';
  const target = splitAuthority(authority, 80);
  if (target === undefined) return undefined;
  const path = match?.[2] ?? '/';
  return { target, authority, path: path.startsWith('?') ? `/${path}` : path };
}

const OF_UPSTREAM: Readonly<Record<ProxyProblem, string>> = {
  credential: "your network's proxy refuses its user name or password (407)",
  unreachable: "your network's proxy cannot be reached",
  certificate: "Perch does not trust the certificate of your network's proxy",
  host: "your network's proxy blocks this host, or does not reach it",
};

/** RFC 9209 names the error for programs; the text is for a person who reads the agent's output. */
function answerOf(why: DialError, { host, port }: Target) {
  const { kind, reason } = why;
  const where = `${host}:${port}`;
  if (why instanceof UpstreamError) {
    const text = `Perch did not connect to ${where}: ${OF_UPSTREAM[why.problem]}. Check Settings → Network, or run: perch network show\n`;
    return { status: 502, message: 'Bad Gateway', proxyStatus: 'perch; error=destination_unavailable', text };
  }
  if (kind === 'refused') {
    const text = `Perch blocked ${where}: this session may not reach that host (${reason}). To allow it, run: perch hosts allow HOST\n`;
    return { status: 403, message: 'Forbidden', proxyStatus: 'perch; error=http_request_denied', text };
  }
  if (kind === 'too-late') {
    const text = `Perch: ${where} did not answer in time\n`;
    return { status: 504, message: 'Gateway Timeout', proxyStatus: 'perch; error=connection_timeout', text };
  }
  const error = reason === 'resolution' ? 'dns_error' : 'destination_unavailable';
  const text = `Perch: ${where} cannot be reached\n`;
  return { status: 502, message: 'Bad Gateway', proxyStatus: `perch; error=${error}`, text };
}
