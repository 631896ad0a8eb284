import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './rows.ts';

/** A provider that gives every request the same answer, and refuses values that say `dead`. */
export interface ScriptedProvider {
  readonly origin: string;
  /** What was sent, values included: they have to be somewhere for a scan to mean anything. */
  readonly requests: readonly string[];
  /** What arrived where the redirect leads. */
  readonly elsewhere: readonly string[];
  /** Follows the redirect, to see that it leads there. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

export async function startProvider(answer: Answer, onRequest = () => {}): Promise<ScriptedProvider> {
  const requests: string[] = [];
  const elsewhere: string[] = [];
  const target = createServer((request, response) => {
    elsewhere.push(JSON.stringify(request.headers));
    response.end();
  });
  const targetOrigin = await listen(target);
  const server = createServer((request, response) => {
    const sent = JSON.stringify(request.headers);
    requests.push(`${request.method} ${request.url} ${sent}`);
    onRequest();
    if (typeof answer === 'string') return;
    const { status, body = '', location } = answer;
    const headers = location === undefined ? {} : { location: `${targetOrigin}/there` };
    response.writeHead(sent.includes('dead') ? 401 : status, headers).end(body);
  });
  const origin = await listen(server);
  if (answer === 'no-listener') await close(server);
  return {
    origin,
    requests,
    elsewhere,
    async follow() {
      await fetch(origin, { redirect: 'follow' });
    },
    async close() {
      await close(target);
      if (server.listening) await close(server);
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
