import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Authority, canSign, createAuthority } from '../../../e2e/fixtures/certificates.ts';
import { type CorporateProxy, startCorporateProxy } from '../../../e2e/fixtures/corporate-proxy.ts';
import type { UpstreamProxy } from '../../../shared/model/egress.ts';
import { createFetch } from './fetch.ts';
import { directFetch } from './testing/direct-fetch.ts';

/** A name that no resolver knows: who reaches it went through the proxy. */
const HOST = 'models.corporate.test';
const CREDENTIAL = { userName: 'ada', password: 'a pass:word' };
const AUTHORIZATION = `Basic ${Buffer.from('ada:a pass:word').toString('base64')}`;

let folder: string;
let authority: Authority;
let server: Server;
let port: number;
let pem: string;
const proxies: CorporateProxy[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perch-network-'));
  if (!canSign) return;
  authority = createAuthority(folder);
  pem = readFileSync(authority.file, 'utf8');
  server = createTlsServer(authority.issue(HOST), (request, response) => {
    response.writeHead(request.url === '/none' ? 204 : 200, { 'x-said': `${request.method} ${request.url}` });
    request.pipe(response);
  }) as unknown as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function proxyWith(options: Partial<Parameters<typeof startCorporateProxy>[0]> = {}): Promise<CorporateProxy> {
  const proxy = await startCorporateProxy({ credential: CREDENTIAL, hosts: { [HOST]: port }, ...options });
  proxies.push(proxy);
  return proxy;
}
const fetchBy = (upstream: Partial<UpstreamProxy> & { port: number }) =>
  createFetch({
    routeTo: async () => ({
      proxy: {
        protocol: 'http',
        host: '127.0.0.1',
        exceptions: [],
        authorization: AUTHORIZATION,
        certificates: pem,
        ...upstream,
      },
      certificates: pem,
    }),
  });
const url = (path = '/') => `https://${HOST}${path}`;

test.skipIf(!canSign)(
  'a request goes through the proxy, with its credential, to a server of the own authority',
  async () => {
    const proxy = await proxyWith();
    const response = await fetchBy(proxy)(url('/a?b'), { method: 'POST', body: new URLSearchParams({ x: 'ü y' }) });
    expect([response.status, response.headers.get('x-said'), await response.text()]).toEqual([
      200,
      'POST /a?b',
      'x=%C3%BC+y',
    ]);
    expect([proxy.asked, proxy.authorizations]).toEqual([[`${HOST}:443`], [AUTHORIZATION]]);
    expect((await fetchBy(proxy)(url('/none'))).status).toBe(204);
  },
);

test.skipIf(!canSign)('without the proxy nobody knows the server', async () => {
  await expect(directFetch(url())).rejects.toMatchObject({ code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});

test.skipIf(!canSign)('without the own authority the server is not trusted', async () => {
  const proxy = await proxyWith();
  const fetch = createFetch({
    routeTo: async () => ({
      proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port, exceptions: [], authorization: AUTHORIZATION },
      certificates: undefined,
    }),
  });
  await expect(fetch(url())).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_TRUSTED', values: { host: HOST } });
});

test.skipIf(!canSign)('each thing that a proxy can be wrong in is told apart', async () => {
  const proxy = await proxyWith();
  const wrong = `Basic ${Buffer.from('ada:wrong').toString('base64')}`;
  await expect(fetchBy({ port: proxy.port, authorization: wrong })(url())).rejects.toMatchObject({
    code: 'PROXY_REFUSED_CREDENTIAL',
  });
  await expect(fetchBy(proxy)('https://elsewhere.test/')).rejects.toMatchObject({
    code: 'PROXY_REFUSED_HOST',
    values: { host: 'elsewhere.test:443', status: 403 },
  });
  await proxies.pop()?.close();
  await expect(fetchBy(proxy)(url())).rejects.toMatchObject({
    code: 'PROXY_UNREACHABLE',
    values: { reason: 'ECONNREFUSED' },
  });
});

test.skipIf(!canSign)('a proxy that speaks TLS needs a certificate that is trusted, too', async () => {
  const proxy = await proxyWith({ tls: authority.issue('localhost') });
  const byTls = { port: proxy.port, protocol: 'https', host: 'localhost' } as const;
  expect((await fetchBy(byTls)(url())).status).toBe(200);
  const untrusting = createFetch({
    routeTo: async () => ({
      proxy: { ...byTls, exceptions: [], authorization: AUTHORIZATION },
      certificates: undefined,
    }),
  });
  await expect(untrusting(url())).rejects.toMatchObject({ code: 'PROXY_CERTIFICATE_NOT_TRUSTED' });
});

test.skipIf(!canSign)('a certificate that is old, or for somebody else, is not one from nobody', async () => {
  const other = createTlsServer(authority.issue('old.corporate.test', { expired: true }));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const hosts = { 'old.corporate.test': (other.address() as AddressInfo).port, 'another.test': port };
  const fetch = fetchBy(await proxyWith({ hosts }));
  await expect(fetch('https://old.corporate.test/')).rejects.toMatchObject({ code: 'CERTIFICATE_EXPIRED' });
  await expect(fetch('https://another.test/')).rejects.toMatchObject({ code: 'CERTIFICATE_FOR_ANOTHER_HOST' });
  other.close();
});

test('what was asked for is ended by its signal, and no redirect is followed', async () => {
  let seen = 0;
  const plain = createHttpServer((request, response) => {
    seen += 1;
    if (request.url === '/wait') return;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const origin = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  const ended = new AbortController();
  const waiting = directFetch(`${origin}/wait`, { signal: ended.signal });
  await once(plain, 'request');
  ended.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect((await directFetch(origin)).status).toBe(302);
  expect(seen).toBe(2);
  plain.closeAllConnections();
  plain.close();
});
