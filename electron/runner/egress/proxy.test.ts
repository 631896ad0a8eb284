import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { SocksClient } from 'socks';
import { afterEach, describe, expect, it } from 'vitest';
import { canSign, createAuthority } from '../../../e2e/fixtures/certificates.ts';
import { startCorporateProxy } from '../../../e2e/fixtures/corporate-proxy.ts';
import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { ProxyProblem, RefusedHost, UpstreamProxy } from '../../../shared/model/egress.ts';
import { systemClock } from '../../node/clock.ts';
import { EGRESS_LIMITS, type EgressLimits } from './limits.ts';
import { type EgressProxy, startEgress } from './proxy.ts';

const PUBLIC = '93.184.216.34';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const allow = (host: string, ...ports: number[]): NetworkRules => ({ hosts: [{ host, ports }], loopback: [] });

/** A proxy whose resolver is a table, and whose public addresses all lead to this machine's own test servers. */
function startProxy(options: {
  rules: NetworkRules;
  names?: Record<string, (string | string[])[]>;
  limits?: Partial<EgressLimits>;
  upstream?: Partial<UpstreamProxy> & { host: string; port: number };
}) {
  const folder = mkdtempSync(join(tmpdir(), 'perch-test-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const refused: RefusedHost[] = [];
  const dialled: string[] = [];
  const resolved: string[] = [];
  const gone: string[] = [];
  const problems: ProxyProblem[] = [];
  const names = new Map(Object.entries(options.names ?? {}));
  const proxy = startEgress({
    folder,
    rules: options.rules,
    upstream: options.upstream && { protocol: 'http', exceptions: [], ...options.upstream },
    onProxyProblem: (problem) => problems.push(problem),
    clock: systemClock,
    limits: { ...EGRESS_LIMITS, ...options.limits },
    onRefused: (one) => refused.push(one),
    onGone: (reason) => gone.push(reason),
    ownAddresses: () => new Set(['93.184.216.99']),
    // The last answer of a name stays its answer.
    async resolve(name) {
      resolved.push(name);
      const answers = names.get(name);
      const answer = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
      if (answer === undefined) throw new Error('ENOTFOUND');
      return [answer].flat();
    },
    connect(addresses, port) {
      dialled.push(...addresses.map((address) => `${address}:${port}`));
      return connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    },
  });
  closers.push(() => proxy.close());
  return { proxy, refused, dialled, resolved, gone, problems };
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const echo = () => listen(createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)));

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** One request to the proxy itself, `CONNECT` apart. */
function ask(proxy: EgressProxy, path: string, options: { method?: string; headers?: object; body?: string } = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const asked = request({
      socketPath: proxy.socketPath,
      path,
      method: options.method ?? 'GET',
      headers: { ...options.headers },
      agent: false,
    });
    asked.on('error', reject).on('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    asked.end(options.body);
  });
}

function connectThrough(proxy: EgressProxy, target: string): Promise<{ status: number; socket: Socket; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: proxy.socketPath, method: 'CONNECT', path: target, agent: false });
    asked.on('error', reject);
    asked.on('connect', async (response, socket: Socket, head) => {
      const status = response.statusCode ?? 0;
      if (status === 200 && head.length > 0) socket.unshift(head);
      if (status === 200) return resolve({ status, socket: socket.on('error', () => undefined), text: '' });
      const chunks: Buffer[] = [head];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      resolve({ status, socket, text: Buffer.concat(chunks).toString() });
    });
    asked.end();
  });
}

function socksThrough(
  proxy: EgressProxy,
  host: string,
  port: number,
  command: 'connect' | 'bind' | 'associate' = 'connect',
) {
  const socket = connect(proxy.socketPath);
  closers.push(() => socket.destroy());
  return SocksClient.createConnection({
    command: command as 'connect',
    destination: { host, port },
    proxy: { host: 'unused', port: 1, type: 5 },
    existing_socket: socket,
  } as Parameters<typeof SocksClient.createConnection>[0]);
}

/** Raw bytes in, everything that comes back out. */
async function raw(proxy: EgressProxy, bytes: string | Buffer): Promise<string> {
  const socket = connect(proxy.socketPath);
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('a way in', () => {
  it('by CONNECT leads to an allowed host, both ways and to the end of each', async () => {
    const port = await echo();
    const { proxy, dialled } = startProxy({
      rules: allow('allowed.test', port),
      names: { 'allowed.test': [PUBLIC] },
    });
    const { status, socket } = await connectThrough(proxy, `Allowed.test.:${port}`);
    expect(status).toBe(200);
    // Half-open: the client has said all, the answer still comes.
    socket.end('hello');
    expect((await readAll(socket)).toString()).toBe('hello');
    expect(dialled).toEqual([`${PUBLIC}:${port}`]);
  });

  it('by SOCKS5 leads to an allowed host, by its name or its address', async () => {
    const port = await echo();
    const hosts = [
      { host: 'allowed.test', ports: [port] },
      { host: PUBLIC, ports: [port] },
    ];
    const { proxy } = startProxy({ rules: { hosts, loopback: [] }, names: { 'allowed.test': [PUBLIC] } });
    for (const host of ['allowed.test', PUBLIC]) {
      const { socket } = await socksThrough(proxy, host, port);
      socket.end('hello');
      socket.resume();
      expect((await readAll(socket)).toString()).toBe('hello');
    }
  });

  it('by plain HTTP leads to an allowed host, with its path as it was', async () => {
    const seen: object[] = [];
    const server = createHttpServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const names = request.rawHeaders.filter((_, at) => at % 2 === 0);
      seen.push({ url: request.url, host: request.headers.host, names, body: Buffer.concat(chunks).toString() });
      response.writeHead(201, { 'x-answer': '1', 'keep-alive': 'timeout=5' }).end('done');
    });
    const port = await listen(server as unknown as Server);
    const { proxy } = startProxy({ rules: allow('allowed.test', port), names: { 'allowed.test': [PUBLIC] } });
    const answer = await ask(proxy, `http://allowed.test:${port}/a/../b?c=%20`, {
      method: 'POST',
      headers: {
        host: 'evil.test',
        'proxy-authorization': 'Basic c2VjcmV0',
        connection: 'x-private',
        'x-private': '1',
        te: 'trailers',
        'content-type': 'text/plain',
      },
      body: 'body',
    });
    expect(answer).toMatchObject({ status: 201, body: 'done', headers: { 'x-answer': '1' } });
    expect(seen).toEqual([
      {
        url: '/a/../b?c=%20',
        host: `allowed.test:${port}`,
        names: ['Host', 'content-type', 'Content-Length', 'Connection'],
        body: 'body',
      },
    ]);
  });

  it('gives what a slow reader can take, and every byte of a large stream', async () => {
    const data = randomBytes(32 * 1024 * 1024);
    const port = await listen(createServer((socket) => void socket.end(data)));
    const { proxy } = startProxy({ rules: allow('allowed.test', port), names: { 'allowed.test': [PUBLIC] } });
    const { socket } = await connectThrough(proxy, `allowed.test:${port}`);
    const hash = createHash('sha256');
    for await (const chunk of socket) {
      hash.update(chunk as Buffer);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hash.digest('hex')).toBe(createHash('sha256').update(data).digest('hex'));
  });
});

describe('what is refused', () => {
  it('is not resolved, not dialled, and told at once', async () => {
    const { proxy, refused, resolved, dialled } = startProxy({ rules: allow('allowed.test', 443) });
    const secret = 'c2VjcmV0.exfiltrated.test';
    expect(await connectThrough(proxy, `${secret}:443`)).toMatchObject({ status: 403 });
    expect((await ask(proxy, `http://${secret}/`)).status).toBe(403);
    await expect(socksThrough(proxy, secret, 443)).rejects.toThrow(/NotAllowed/);
    expect(resolved).toEqual([]);
    expect(dialled).toEqual([]);
    expect(refused).toEqual([
      { host: secret.toLowerCase(), port: 443, reason: 'not-allowed' },
      { host: secret.toLowerCase(), port: 80, reason: 'not-allowed' },
      { host: secret.toLowerCase(), port: 443, reason: 'not-allowed' },
    ]);
  });

  it('says so to whoever reads the answer', async () => {
    const { proxy } = startProxy({ rules: allow('allowed.test', 443) });
    const answer = await ask(proxy, 'http://other.test/');
    expect(answer.headers['proxy-status']).toBe('perch; error=http_request_denied');
    expect(answer.body).toContain('Perch blocked other.test:80');
  });

  it.each([
    '127.0.0.1',
    '10.0.0.5',
    '192.168.0.1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fd00:ec2::254',
    '::1',
    '0.0.0.0',
    '93.184.216.99',
    '::ffff:93.184.216.99',
  ])('is an allowed name that resolves to %s', async (address) => {
    const { proxy, refused, dialled } = startProxy({
      rules: allow('allowed.test', 443),
      names: { 'allowed.test': [address] },
    });
    expect((await connectThrough(proxy, 'allowed.test:443')).status).toBe(403);
    expect(dialled).toEqual([]);
    expect(refused).toEqual([{ host: 'allowed.test', port: 443, reason: 'address' }]);
  });

  it('leaves the allowed addresses of a name that has both', async () => {
    const port = await echo();
    const { proxy, dialled } = startProxy({
      rules: allow('allowed.test', port),
      names: { 'allowed.test': [['10.0.0.1', PUBLIC, '127.0.0.1']] },
    });
    expect((await connectThrough(proxy, `allowed.test:${port}`)).status).toBe(200);
    expect(dialled).toEqual([`${PUBLIC}:${port}`]);
  });

  it('is whatever a rebinding resolver says later: what was checked is dialled', async () => {
    const port = await echo();
    const { proxy, dialled, resolved } = startProxy({
      rules: allow('rebind.test', port),
      names: { 'rebind.test': [PUBLIC, '127.0.0.1'] },
    });
    expect((await connectThrough(proxy, `rebind.test:${port}`)).status).toBe(200);
    expect(resolved).toHaveLength(1);
    // The second connection is a second question, checked again.
    expect((await connectThrough(proxy, `rebind.test:${port}`)).status).toBe(403);
    expect(dialled).toEqual([`${PUBLIC}:${port}`]);
  });

  it('is the second hop of a redirect, by its own merits', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    const port = await listen(server as unknown as Server);
    const { proxy } = startProxy({ rules: allow('allowed.test', port), names: { 'allowed.test': [PUBLIC] } });
    const hop = await ask(proxy, `http://allowed.test:${port}/`);
    expect(hop.status).toBe(302);
    expect((await ask(proxy, String(hop.headers.location))).status).toBe(403);
  });

  it.each(['bind', 'associate'] as const)('is SOCKS %s', async (command) => {
    const { proxy } = startProxy({ rules: allow('allowed.test', 443) });
    const code = command === 'bind' ? 2 : 3;
    const answer = await raw(proxy, Buffer.from([5, 1, 0, 5, code, 0, 1, 1, 1, 1, 1, 1, 187]));
    expect(Buffer.from(answer, 'latin1').subarray(0, 4)).toEqual(Buffer.from([5, 0, 5, 7]));
  });

  it('is a name with a NUL byte over SOCKS', async () => {
    const { proxy, resolved, refused } = startProxy({ rules: allow('*.allowed.test', 443) });
    const name = Buffer.from('evil.test\0.allowed.test', 'latin1');
    const asked = Buffer.concat([Buffer.from([5, 1, 0, 5, 1, 0, 3, name.length]), name, Buffer.from([1, 187])]);
    const answer = Buffer.from(await raw(proxy, asked), 'latin1');
    expect(answer.subarray(0, 4)).toEqual(Buffer.from([5, 0, 5, 2]));
    expect(resolved).toEqual([]);
    expect(refused[0]).toMatchObject({ reason: 'not-a-host' });
  });

  it.each([
    ['SOCKS4', Buffer.from([4, 1, 1, 187, 93, 184, 216, 34, 0])],
    ['SOCKS5 with a password only', Buffer.from([5, 1, 2])],
    ['an origin-form request', 'GET / HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
    ['https in the clear', 'GET https://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
    ['a user in the address', 'GET http://allowed.test@evil.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
    ['a backslash in the address', 'GET http://allowed.test\\@evil.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
    ['CONNECT without a port', 'CONNECT allowed.test HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
    ['CONNECT with a path', 'CONNECT allowed.test:443/x HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
    [
      'two lengths',
      'POST http://allowed.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'two different lengths',
      'POST http://allowed.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
    ],
    ['a folded header', 'GET http://allowed.test/ HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n'],
    ['a bare line feed', 'GET http://allowed.test/ HTTP/1.1\nHost: a\n\n'],
    ['a header name with a space', 'GET http://allowed.test/ HTTP/1.1\r\nHost : a\r\n\r\n'],
    ['headers without end', `GET http://allowed.test/ HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(80_000)}\r\n\r\n`],
    ['noise', randomBytes(64)],
  ])('is %s', async (_what, bytes) => {
    const { proxy, dialled, resolved } = startProxy({
      rules: allow('allowed.test', 80, 443),
      names: { 'allowed.test': [PUBLIC] },
    });
    const answer = await raw(proxy, bytes).catch((error: NodeJS.ErrnoException) => error.code ?? '');
    expect(answer).not.toMatch(/^HTTP\/1.1 2/);
    expect(dialled).toEqual([]);
    expect(resolved).toEqual([]);
  });

  it('is nothing but what the host rules say: a loopback service next to the allowed one', async () => {
    const [open, closed] = [await echo(), await echo()];
    const { proxy } = startProxy({ rules: { hosts: [], loopback: [{ address: '127.0.0.1', port: open }] } });
    expect((await connectThrough(proxy, `127.0.0.1:${open}`)).status).toBe(200);
    expect((await connectThrough(proxy, `localhost:${open}`)).status).toBe(200);
    expect((await connectThrough(proxy, `127.0.0.1:${closed}`)).status).toBe(403);
    expect((await connectThrough(proxy, `[::1]:${open}`)).status).toBe(403);
  });
});

describe('a change of the rules', () => {
  it('works at once, and cuts what is not allowed any more', async () => {
    const port = await echo();
    const { proxy } = startProxy({
      rules: allow('allowed.test', port),
      names: { 'allowed.test': [PUBLIC], 'other.test': [PUBLIC] },
    });
    const { socket } = await connectThrough(proxy, `allowed.test:${port}`);
    expect((await connectThrough(proxy, `other.test:${port}`)).status).toBe(403);
    const closed = finished(socket.resume()).catch(() => undefined);
    proxy.update(allow('other.test', port));
    await closed;
    expect((await connectThrough(proxy, `other.test:${port}`)).status).toBe(200);
    expect((await connectThrough(proxy, `allowed.test:${port}`)).status).toBe(403);
  });

  it('that is broken leaves the rules in force', async () => {
    const port = await echo();
    const { proxy } = startProxy({ rules: allow('allowed.test', port), names: { 'allowed.test': [PUBLIC] } });
    const { socket } = await connectThrough(proxy, `allowed.test:${port}`);
    const broken = {
      hosts: [
        { host: 'new.test', ports: [port] },
        { host: 'not a host', ports: [port] },
      ],
      loopback: [],
    };
    expect(() => proxy.update(broken)).toThrow('no host');
    expect((await connectThrough(proxy, `allowed.test:${port}`)).status).toBe(200);
    expect((await connectThrough(proxy, `new.test:${port}`)).status).toBe(403);
    socket.write('still there');
    expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toBe('still there');
  });
});

describe('the bounds', () => {
  it('end a client that says nothing, or half of what it wants', async () => {
    const { proxy } = startProxy({ rules: allow('allowed.test', 443), limits: { handshake: 50 } });
    for (const bytes of ['', 'CONNECT allo', Buffer.from([5, 1]), Buffer.from([5, 1, 0, 5, 1])]) {
      const socket = connect(proxy.socketPath);
      socket.on('error', () => undefined).resume();
      socket.write(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
    }
  });

  it('end a connection on which nothing passes', async () => {
    const port = await echo();
    const { proxy } = startProxy({
      rules: allow('allowed.test', port),
      names: { 'allowed.test': [PUBLIC] },
      limits: { idle: 50 },
    });
    const { socket } = await connectThrough(proxy, `allowed.test:${port}`);
    await new Promise((resolve) => socket.resume().once('close', resolve));
  });

  it('keep the number of connections', async () => {
    const port = await echo();
    const { proxy } = startProxy({
      rules: allow('allowed.test', port),
      names: { 'allowed.test': [PUBLIC] },
      limits: { connections: 2 },
    });
    const first = await connectThrough(proxy, `allowed.test:${port}`);
    await connectThrough(proxy, `allowed.test:${port}`);
    await expect(connectThrough(proxy, `allowed.test:${port}`)).rejects.toThrow();
    const freed = new Promise((resolve) => first.socket.once('close', resolve));
    first.socket.destroy();
    await freed;
    await expect
      .poll(() =>
        connectThrough(proxy, `allowed.test:${port}`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('do not wait for a host that is not there', async () => {
    const { proxy, refused } = startProxy({ rules: allow('*.test.example', 443), names: {} });
    const answer = await ask(proxy, 'http://gone.test.example:443/');
    expect(answer.status).toBe(502);
    expect(answer.headers['proxy-status']).toBe('perch; error=dns_error');
    expect(refused).toEqual([]);
  });

  it('leave nothing behind: no connection, no socket, no folder', async () => {
    const port = await echo();
    const { proxy, gone } = startProxy({
      rules: allow('allowed.test', port),
      names: { 'allowed.test': [PUBLIC] },
    });
    const folder = dirname(proxy.socketPath);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const { socket } = await connectThrough(proxy, `allowed.test:${port}`);
    const closed = new Promise((resolve) => socket.resume().once('close', resolve));
    await proxy.close();
    await closed;
    expect(existsSync(folder)).toBe(false);
    expect(gone).toEqual([]);
    await expect(connectThrough(proxy, `allowed.test:${port}`)).rejects.toThrow();
  });
});

describe('a proxy in front of it', () => {
  it('is asked by name, with its credential, and only for what is allowed', async () => {
    const port = await echo();
    const asked: unknown[] = [];
    const front = createHttpServer();
    front.on('connect', (request, client, head) => {
      asked.push([request.url, request.headers['proxy-authorization']]);
      const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.write(head);
        server.pipe(client);
        client.pipe(server);
      });
    });
    const frontPort = await listen(front as unknown as Server);
    const { proxy, resolved } = startProxy({
      rules: allow('allowed.test', 443),
      upstream: { host: '127.0.0.1', port: frontPort, authorization: 'Basic dTpw' },
    });
    expect((await connectThrough(proxy, 'other.test:443')).status).toBe(403);
    const { status, socket } = await connectThrough(proxy, 'allowed.test:443');
    expect(status).toBe(200);
    socket.end('hello');
    expect((await readAll(socket)).toString()).toBe('hello');
    expect(asked).toEqual([['allowed.test:443', 'Basic dTpw']]);
    expect(resolved).toEqual([]);
  });

  it.each([
    ['407 Proxy Authentication Required', 'credential'],
    ['403 Forbidden', 'host'],
  ])('that answers %s is told as %s', async (line, problem) => {
    const front = createHttpServer();
    front.on('connect', (_request, client) => void client.end(`HTTP/1.1 ${line}\r\n\r\n`));
    const frontPort = await listen(front as unknown as Server);
    const { proxy, problems } = startProxy({
      rules: allow('allowed.test', 443),
      upstream: { host: '127.0.0.1', port: frontPort },
    });
    expect((await connectThrough(proxy, 'allowed.test:443')).status).toBe(502);
    expect(problems).toEqual([problem]);
  });

  it.skipIf(!canSign)('may speak TLS with a certificate of the own authority, and with no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perch-test-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const authority = createAuthority(folder);
    const hosts = { 'allowed.test': await echo() };
    const credential = { userName: 'ada', password: 'a pass:word' };
    const front = await startCorporateProxy({ hosts, credential, tls: authority.issue('localhost') });
    closers.push(front.close);
    const authorization = `Basic ${Buffer.from('ada:a pass:word').toString('base64')}`;
    const upstream = { protocol: 'https', host: 'localhost', port: front.port, authorization } as const;
    const rules = allow('allowed.test', 443);
    const certificates = readFileSync(authority.file, 'utf8');
    const { proxy } = startProxy({ rules, upstream: { ...upstream, certificates } });
    const { status, socket } = await connectThrough(proxy, 'allowed.test:443');
    expect(status).toBe(200);
    socket.destroy();
    const other = startProxy({ rules, upstream });
    expect((await connectThrough(other.proxy, 'allowed.test:443')).status).toBe(502);
    expect(other.problems).toEqual(['certificate']);
  });

  it('that is not there is told, and nothing goes round it', async () => {
    const { proxy, problems, dialled } = startProxy({
      rules: allow('allowed.test', 443),
      names: { 'allowed.test': ['93.184.216.34'] },
      upstream: { host: '127.0.0.1', port: await freePort() },
    });
    expect((await connectThrough(proxy, 'allowed.test:443')).status).toBe(502);
    expect([problems, dialled]).toEqual([['unreachable'], []]);
  });

  it('is not asked for its exceptions, nor for what is on this machine', async () => {
    const asked: (string | undefined)[] = [];
    const front = createHttpServer();
    front.on('connect', ({ url }, client) => {
      asked.push(url);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const service = createServer((socket) => socket.end('hello'));
    const port = await listen(service);
    const { proxy } = startProxy({
      rules: {
        hosts: ['near.test', 'far.test', '93.184.216.34'].map((host) => ({ host, ports: [port] })),
        loopback: [{ address: '127.0.0.1', port }],
      },
      names: { 'near.test': ['93.184.216.35'] },
      upstream: { host: '127.0.0.1', port: await listen(front as unknown as Server), exceptions: ['near.test'] },
    });
    const statusOf = async (host: string) => (await connectThrough(proxy, `${host}:${port}`)).status;
    expect(await Promise.all(['near.test', '127.0.0.1'].map(statusOf))).toEqual([200, 200]);
    expect(asked).toEqual([]);
    expect(await Promise.all(['far.test', '93.184.216.34'].map(statusOf))).toEqual([502, 502]);
    expect(asked.sort()).toEqual([`93.184.216.34:${port}`, `far.test:${port}`]);
  });
});

it('whose socket is taken away says so, and ends what goes through it', async () => {
  const port = await echo();
  const { proxy, gone } = startProxy({ rules: { hosts: [], loopback: [{ address: '127.0.0.1', port }] } });
  const { status, socket } = await connectThrough(proxy, `127.0.0.1:${port}`);
  expect(status).toBe(200);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  rmSync(proxy.socketPath);
  await ended;
  expect(gone).toEqual(['its socket was removed']);
  await proxy.close();
  expect(existsSync(dirname(proxy.socketPath))).toBe(false);
});
