import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { BrowserLogin } from '../../providers/schema.ts';
import type { CallbackText } from './flow.ts';

/** Free ports of one family that may be taken in the other before it is given up. */
const MAX_TRIES = 5;

interface Callback {
  readonly port: number;
  /** The query that the browser brought, once. Never settles after `close`. */
  readonly answered: Promise<URLSearchParams>;
  close(): void;
}

/**
 * Waits on this machine for the browser to come back from the provider. It answers one request: a GET of the right
 * path at the right host that `accepts` its parameters; all others are told nothing, and change nothing.
 * @throws PerchError SIGN_IN_PORT_TAKEN
 */
export async function openCallback(options: {
  redirect: BrowserLogin['redirect'];
  provider: string;
  path: string;
  accepts: (parameters: URLSearchParams) => boolean;
  page: () => CallbackText;
}): Promise<Callback> {
  const { redirect, path, accepts, page, provider } = options;
  const answered = Promise.withResolvers<URLSearchParams>();
  let used = false;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const parameters = used ? undefined : parametersOf(request, `${redirect.host}:${port}`, path);
    if (parameters === undefined || !accepts(parameters)) {
      response.writeHead(404, { connection: 'close' }).end();
      return;
    }
    used = true;
    response.writeHead(200, HEADERS).end(pageOf(page()), () => close());
    answered.resolve(parameters);
  };
  const { servers, port } = await listen(redirect, { answer, provider });
  const close = () => {
    used = true;
    for (const server of servers) server.close();
    // Idle connections are cut; an answer that is being written is finished.
    for (const server of servers) server.closeIdleConnections();
  };
  return { port, answered: answered.promise, close };
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

function pageOf({ locale, title, body }: CallbackText): string {
  return `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title><h1>${title}</h1><p>${body}</p></html>\n`;
}

function parametersOf(request: IncomingMessage, host: string, path: string): URLSearchParams | undefined {
  if (request.method !== 'GET' || request.headers.host !== host) return undefined;
  const url = URL.parse(request.url ?? '', `http://${host}`);
  return url?.host === host && url.pathname === path ? url.searchParams : undefined;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(
  { host, port, anyPort }: BrowserLogin['redirect'],
  { answer, provider }: { answer: Answer; provider: string },
): Promise<{ servers: Server[]; port: number }> {
  const preferred = await listenOn({ host, port, answer });
  if (preferred !== undefined) return preferred;
  for (let tries = 0; anyPort && tries < MAX_TRIES; tries++) {
    const free = await listenOn({ host, port: 0, answer });
    if (free !== undefined) return free;
  }
  throw new PerchError('SIGN_IN_PORT_TAKEN', { provider, port });
}

/** Every address that the host name may mean to a browser; undefined when the port is not free at one of them. */
async function listenOn({ host, port, answer }: { host: string; port: number; answer: Answer }) {
  const first = createServer(answer);
  if ((await bind(first, { address: '127.0.0.1', port })) !== 'bound') return undefined;
  const bound = (first.address() as AddressInfo).port;
  if (host !== 'localhost') return { servers: [first], port: bound };
  const second = createServer(answer);
  const outcome = await bind(second, { address: '::1', port: bound });
  if (outcome === 'bound') return { servers: [first, second], port: bound };
  if (outcome === 'no-such-address') return { servers: [first], port: bound };
  first.close();
  return undefined;
}

function bind(server: Server, { address, port }: { address: string; port: number }) {
  const { promise, resolve, reject } = Promise.withResolvers<'bound' | 'taken' | 'no-such-address'>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve('taken');
    else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve('no-such-address');
    else reject(error);
  });
  server.listen({ host: address, port, exclusive: true }, () => resolve('bound'));
  return promise;
}
