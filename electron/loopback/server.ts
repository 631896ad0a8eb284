import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { Served } from '../core/api/connection.ts';
import { openDoor } from '../core/api/door.ts';
import type { Clock } from '../node/clock.ts';
import { createAdmissions, type RequestFacts } from './admission.ts';
import { answerText, createAnswers, type HttpAnswer, sendAnswer, setCookie } from './answers.ts';
import { createOneTimeTokens, createSignedInBrowsers } from './one-time-tokens.ts';
import { createWebSocketCarrier } from './web-socket-carrier.ts';
import type { WindowFile } from './window-files.ts';

/** Bytes of one message: a prompt of 10 MB still gets its sentence. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export interface LoopbackServer {
  readonly port: number;
  /** A fresh address that opens the window once, within ten minutes. */
  windowUrl(): string;
  /** Disconnects every client. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves the window and the contract on 127.0.0.1.
 * @param options.port 0 takes a free one
 * @throws PerchError PORT_TAKEN, PORT_NOT_ALLOWED
 */
export async function startLoopbackServer(options: {
  app: Served;
  files: ReadonlyMap<string, WindowFile>;
  port: number;
  clock: Clock;
}): Promise<LoopbackServer> {
  const { app, files, clock } = options;
  const server = createServer();
  const port = await listen(server, options.port);
  const tokens = createOneTimeTokens(clock);
  const place = `/${randomBytes(16).toString('base64url')}/`;
  const admissions = createAdmissions({ port, place, tokens, browsers: createSignedInBrowsers() });
  const answers = createAnswers({ port, place });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });

  function answerTo(request: IncomingMessage): HttpAnswer {
    const admission = admissions.request(factsOf(request));
    if (admission.kind === 'sign-in') {
      const cookie = setCookie({ name: admissions.cookieName, value: admission.cookie, place });
      return answers.signIn(cookie, admission.fromOtherSite);
    }
    const file = admission.kind === 'file' ? files.get(admission.path) : undefined;
    return file === undefined ? answers.notFound : answers.file(file);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node hands the connection over without a listener: a reset at this moment would end the whole process.
    socket.on('error', () => socket.destroy());
    if (!admissions.webSocket(factsOf(request))) return void socket.end(answerText(answers.notFound, 'Not Found'));
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      openDoor({ app, carrier: createWebSocketCarrier(webSocket, clock), caller: { kind: 'window' } });
    });
  }

  server.on('request', (request, response) => sendAnswer(response, answerTo(request), request.method !== 'HEAD'));
  server.on('upgrade', upgrade);
  server.on('error', (error) => app.log.write({ level: 'warn', source: 'loopback', message: error.message }));
  let closing: Promise<void> | undefined;
  return {
    port,
    windowUrl: () => `http://127.0.0.1:${port}/?token=${tokens.issue()}`,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const client of sockets.clients) client.terminate();
      });
      return closing;
    },
  };
}

function factsOf({ method, url, headers }: IncomingMessage): RequestFacts {
  const header = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined);
  return {
    method,
    target: url,
    host: headers.host,
    origin: headers.origin,
    cookie: headers.cookie,
    secFetchSite: header('sec-fetch-site'),
    secPurpose: header('sec-purpose') ?? header('purpose'),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new PerchError('PORT_TAKEN', { port }, { cause: error }));
      else if (error.code === 'EACCES') reject(new PerchError('PORT_NOT_ALLOWED', { port }, { cause: error }));
      else reject(error);
    };
    server.once('error', refused);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', refused);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
