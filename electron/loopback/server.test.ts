import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPeer, type Peer } from '../../shared/json-rpc/peer.ts';
import { servedApp } from '../core/api/testing/served.ts';
import { textEvent } from '../core/api/testing/state.ts';
import { type LoopbackServer, startLoopbackServer } from './server.ts';
import { createWebSocketCarrier } from './web-socket-carrier.ts';

const FILES = new Map([
  [
    '/',
    {
      body: Buffer.from('<!doctype html>the window'),
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'no-store',
    },
  ],
  [
    '/assets/a.js',
    { body: Buffer.from('script()'), contentType: 'text/javascript; charset=utf-8', cacheControl: 'private' },
  ],
]);

let server: LoopbackServer;
let time: number;
let served: ReturnType<typeof servedApp>;
const clock = { now: () => time, after: () => () => {} };
beforeEach(async () => {
  time = 1;
  served = servedApp({ 'host.windowUrl': async () => ({ url: server.windowUrl() }) });
  server = await startLoopbackServer({ app: served.app, files: FILES, port: 0, clock });
});
afterEach(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Status, headers in their order, body: all that a client can see. */
  readonly bytes: string;
}

/** A request as raw as HTTP clients can make them: the path goes out as it is. */
async function ask(path: string, options: { headers?: Record<string, string>; method?: string } = {}): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port: server.port, path, method: options.method ?? 'GET', ...options });
  sent.end();
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { statusCode: status, headers, rawHeaders } = response;
  return { status, headers, body, bytes: JSON.stringify([status, rawHeaders, body]) };
}
const pathOf = (url: string) => new URL(url).pathname + new URL(url).search;
/** Where the window is; known once somebody signed in. */
let place: string;
const inside = (path: string) => place + path.slice(1);
async function signIn(): Promise<string> {
  const { headers } = await ask(pathOf(server.windowUrl()));
  place = headers.location ?? '';
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
const host = (name = '127.0.0.1') => `${name}:${server.port}`;

describe('the one-time token', () => {
  test('is exchanged for a cookie, once, and the browser is sent on to an address without it', async () => {
    const path = pathOf(server.windowUrl());
    const first = await ask(path);
    expect([first.status, first.body]).toEqual([303, '']);
    // The cookie goes back to a path that no other server on this machine is asked for.
    const { location } = first.headers;
    expect(location).toMatch(/^\/[\w-]{22}\/$/);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^perch-${server.port}=[\\w-]{43}; Path=${location}; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    const second = await ask(path);
    expect(second.status).toBe(404);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('ends after ten minutes', async () => {
    const path = pathOf(server.windowUrl());
    const inTime = pathOf(server.windowUrl());
    time += 10 * 60 * 1000 - 1;
    expect((await ask(inTime)).status).toBe(303);
    time += 1;
    expect((await ask(path)).status).toBe(404);
  });

  test('is not used up by a speculative request, nor by another method or path', async () => {
    const path = pathOf(server.windowUrl());
    expect((await ask(path, { headers: { 'Sec-Purpose': 'prefetch;prerender' } })).status).toBe(404);
    expect((await ask(path, { method: 'HEAD' })).status).toBe(404);
    expect((await ask(path, { method: 'POST' })).status).toBe(404);
    expect((await ask(path, { headers: { Host: `evil.example:${server.port}` } })).status).toBe(404);
    expect((await ask(path)).status).toBe(303);
  });

  test('from a link on another site goes on from a page of ours, so that the strict cookie is sent', async () => {
    const answer = await ask(pathOf(server.windowUrl()), { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('http-equiv="refresh"');
    expect(answer.headers['set-cookie']).toHaveLength(1);
  });
});

describe('who is let in', () => {
  test('with the cookie the window is served, with headers that let nothing else in', async () => {
    const Cookie = await signIn();
    const answer = await ask(inside('/'), { headers: { Cookie } });
    expect([answer.status, answer.body]).toEqual([200, '<!doctype html>the window']);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = answer.headers['content-security-policy'];
    expect(policy).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
        `connect-src 'self' ws://127.0.0.1:${server.port} ws://localhost:${server.port}; ` +
        `frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    );
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask(inside('/assets/a.js'), { headers: { Cookie, Host: host('localhost') } })).body).toBe('script()');
  });

  test('everything that is refused is refused with the same bytes', async () => {
    const Cookie = await signIn();
    const missing = await ask(inside('/nothing'), { headers: { Cookie } });
    expect(missing.status).toBe(404);
    const refused = [
      await ask('/', {}),
      await ask('/assets/a.js', {}),
      await ask('/nothing', {}),
      await ask('/ws', {}),
      await ask(inside('/'), {}),
      await ask(inside('/ws'), {}),
      await ask('/', { headers: { Cookie } }),
      await ask('/assets/a.js', { headers: { Cookie } }),
      await ask(place.slice(0, -1), { headers: { Cookie } }),
      await ask(inside('/?token=wrong'), { headers: { Cookie } }),
      await ask('/?token=wrong', {}),
      await ask('/?token=', { headers: { Cookie } }),
      await ask(inside('/'), { headers: { Cookie: Cookie.replace(/=.*/, '=wrong') } }),
      await ask(inside('/'), { headers: { Cookie: `${Cookie}x` } }),
      await ask(inside('/'), { headers: { Cookie: Cookie.replace('perch-', 'perch') } }),
      await ask(inside('/'), { headers: { Cookie }, method: 'POST' }),
      await ask(inside('/'), { headers: { Cookie, Host: 'evil.example' } }),
      await ask(inside('/'), { headers: { Cookie, Host: host('evil.example') } }),
      await ask(inside('/'), { headers: { Cookie, Host: host('127.0.0.1.evil.example') } }),
      await ask(inside('/'), { headers: { Cookie, Host: host('user@127.0.0.1') } }),
      await ask(inside('/'), { headers: { Cookie, Host: '127.0.0.1' } }),
      await ask(inside('/'), { headers: { Cookie, Host: '127.0.0.1:80' } }),
      await ask(inside('/'), { headers: { Cookie, Host: host('LOCALHOST.') } }),
    ];
    for (const { bytes } of refused) expect(bytes).toBe(missing.bytes);
    // Positive control: the same request without the fault.
    expect((await ask(inside('/'), { headers: { Cookie } })).status).toBe(200);
  });

  test.each([
    '/../../etc/passwd',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..\\..\\package.json',
    '//etc/passwd',
    '/assets/a.js%00.html',
    '/.vite/manifest.json',
    'http://evil.example/',
    '*',
  ])('%s leads nowhere', async (path) => {
    const Cookie = await signIn();
    expect((await ask(path, { headers: { Cookie } })).status).toBe(404);
    if (path.startsWith('/')) expect((await ask(inside(path), { headers: { Cookie } })).status).toBe(404);
  });

  test('another address of this machine does not answer', async () => {
    const socket = connect({ host: '127.0.0.2', port: server.port });
    const [error] = await once(socket, 'error');
    expect(error.code).toBe('ECONNREFUSED');
  });
});

async function open(
  headers: Record<string, string>,
  path = inside('/ws'),
): Promise<WebSocket | { status: number; body: string }> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
  return await new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}
async function openWindow(onEvent: (event: unknown) => void = () => {}): Promise<Peer> {
  const Cookie = await signIn();
  const socket = await open({ Cookie, Origin: `http://${host()}` });
  if (!(socket instanceof WebSocket)) throw new Error('the window was refused');
  const carrier = createWebSocketCarrier(socket, clock);
  return createPeer({ carrier, onRequest: async () => null, onNotification: (_method, params) => onEvent(params) });
}

describe('the WebSocket', () => {
  test('is opened for the signed-in window alone, and refused as if there were nothing', async () => {
    const Cookie = await signIn();
    const Origin = `http://${host()}`;
    const { body } = await ask('/nothing');
    const refused = { status: 404, body };
    expect(await open({ Origin })).toEqual(refused);
    expect(await open({ Cookie })).toEqual(refused);
    expect(await open({ Cookie, Origin: 'http://evil.example' })).toEqual(refused);
    expect(await open({ Cookie, Origin: 'null' })).toEqual(refused);
    expect(await open({ Cookie, Origin: `https://${host()}` })).toEqual(refused);
    expect(await open({ Cookie, Origin: `http://${host('localhost')}` })).toEqual(refused);
    expect(await open({ Cookie, Origin: `http://${host('evil.example')}`, Host: host('evil.example') })).toEqual(
      refused,
    );
    expect(await open({ Cookie, Origin }, inside('/other'))).toEqual(refused);
    expect(await open({ Cookie, Origin }, '/ws')).toEqual(refused);
    const opened = await open({ Cookie, Origin });
    expect(opened).toBeInstanceOf(WebSocket);
  });

  test('a client that asks for one and resets the connection does nothing to the others', async () => {
    const Cookie = await signIn();
    for (const cookie of ['', Cookie]) {
      const raw = connect(server.port, '127.0.0.1');
      await once(raw, 'connect');
      raw.write(
        `GET ${inside('/ws')} HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: ${cookie}\r\n\r\n`,
      );
      await once(raw, 'data');
      raw.resetAndDestroy();
      await once(raw, 'close');
    }
    expect((await ask(inside('/'), { headers: { Cookie } })).status).toBe(200);
  });

  test('two windows get the same events; one that comes back goes on where it was', async () => {
    const seen: unknown[] = [];
    let onSeen = () => {};
    const first = await openWindow((event) => {
      seen.push(event);
      onSeen();
    });
    const { position } = (await first.request('events.subscribe', {})) as { position: { sequence: number } };
    const second = await openWindow();
    await second.request('events.subscribe', {});
    second.close();
    const arrived = new Promise<void>((resolve) => {
      onSeen = () => seen.length === 2 && resolve();
    });
    served.app.hub.publishRun(textEvent(1));
    served.app.hub.publishRun(textEvent(2));
    await arrived;
    const back = await openWindow();
    const answer = (await back.request('events.subscribe', { since: position })) as { missed: unknown[] };
    expect(answer.missed).toEqual(seen);
    expect(answer).not.toHaveProperty('snapshot');
  });

  test('a window may not do what only the command line may, and cannot tell that it is there', async () => {
    const window = await openWindow();
    const forbidden = await window.request('host.windowUrl', {}).catch((error: unknown) => error);
    const missing = await window.request('host.windowUri', {}).catch((error: unknown) => error);
    expect(forbidden).toEqual(missing);
    expect(forbidden).toMatchObject({ code: 'METHOD_NOT_FOUND' });
  });

  test('takes 10 MB, and ends at more than 32', async () => {
    const window = await openWindow();
    const prompt = 'x'.repeat(10 * 1024 * 1024);
    const turn = { turnId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a001', agentId: 'demo', prompt };
    await expect(window.request('turns.submit', turn)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(served.calls).toHaveLength(1);
    void window.request('turns.submit', { ...turn, prompt: prompt.repeat(4) }).catch(() => {});
    expect((await window.closed).kind).not.toBe('protocol-violation');
    expect(served.calls).toHaveLength(1);
  });

  test('a binary message ends it; text that is no message does not', async () => {
    const Cookie = await signIn();
    const socket = await open({ Cookie, Origin: `http://${host()}` });
    if (!(socket instanceof WebSocket)) throw new Error('the window was refused');
    socket.send('[no message');
    socket.send('{"jsonrpc":"2.0","id":1,"method":"__proto__"}');
    const [answer] = await once(socket, 'message');
    expect(JSON.parse(answer.toString())).toMatchObject({ id: 1, error: { message: 'METHOD_NOT_FOUND' } });
    socket.send(Buffer.from([1, 2, 3]));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1002);
    expect(served.calls).toEqual([]);
  });

  test('a window that does not read is disconnected', async () => {
    const { app } = servedApp({
      'logs.file': async () => ({ path: 'x'.repeat(1024 * 1024), revealed: false }),
    });
    await server.close();
    server = await startLoopbackServer({ app, files: FILES, port: 0, clock });
    const Cookie = await signIn();
    const socket = await open({ Cookie, Origin: `http://${host()}` });
    if (!(socket instanceof WebSocket)) throw new Error('the window was refused');
    socket.pause();
    let isOver = false;
    const gone = once(socket, 'close').finally(() => {
      isOver = true;
    });
    // A client that does not read learns of its end when it writes.
    for (let id = 1; !isOver; id++) {
      socket.send(`{"jsonrpc":"2.0","id":${id},"method":"logs.file","params":{"log":"core","reveal":false}}`, () => {});
      await nextTurn();
    }
    expect((await gone)[0]).toBe(1006);
  });

  test('a window that does not answer a ping by the next is gone', async () => {
    const timers: (() => void)[] = [];
    const pinging = {
      now: () => 1,
      after(_ms: number, callback: () => void) {
        timers.push(callback);
        return () => {};
      },
    };
    await server.close();
    server = await startLoopbackServer({ app: served.app, files: FILES, port: 0, clock: pinging });
    const Cookie = await signIn();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${inside('/ws')}`, {
      headers: { Cookie, Origin: `http://${host()}` },
      autoPong: false,
    });
    await once(socket, 'open');
    const pinged = once(socket, 'ping');
    timers.shift()?.();
    await pinged;
    const gone = once(socket, 'close');
    timers.shift()?.();
    expect((await gone)[0]).toBe(1006);
  });
});

test('a port that is taken is said so', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(startLoopbackServer({ app: served.app, files: FILES, port, clock })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    values: { port },
  });
  other.close();
});
