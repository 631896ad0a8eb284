import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { integrityOf, packTarball } from './tarball.ts';

export interface FakePackage {
  readonly name: string;
  readonly version: string;
  /** The rest of its package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `damaged`: not what its integrity says. `cut`: half of it, and then nothing any more. */
  readonly tarball?: 'damaged' | 'cut';
}

export interface FakeRegistry {
  readonly url: string;
  /** What was asked for, with the credential of each request. */
  readonly requests: readonly {
    readonly path: string;
    /** Another one than its own: it was asked as a proxy. */
    readonly host: string;
    readonly authorization: string | undefined;
    readonly proxyAuthorization: string | undefined;
  }[];
  /** Resolves once the half of a `cut` tarball has left. */
  readonly halfSent: Promise<void>;
  publish(...packages: readonly FakePackage[]): void;
  /** From now on every request is answered with this status; undefined: as ever. */
  refuse(status: number | undefined): void;
  close(): Promise<void>;
}

/** An npm registry on loopback, as much of one as an installation needs. */
export async function startFakeRegistry(): Promise<FakeRegistry> {
  const packages = new Map<string, FakePackage[]>();
  const requests: FakeRegistry['requests'][number][] = [];
  const halfSent = Promise.withResolvers<void>();
  let refusal: number | undefined;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    // A whole address: asked as a proxy.
    const asked = new URL(request.url ?? '', url);
    const path = decodeURIComponent(asked.pathname);
    const { authorization, 'proxy-authorization': proxyAuthorization } = request.headers;
    requests.push({ path, host: asked.host, authorization, proxyAuthorization });
    const [, name = '', file] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+))?$/.exec(path) ?? [];
    const versions = packages.get(name) ?? [];
    const found = versions.find((one) => fileOf(one) === file);
    if (refusal !== undefined) send(response, refusal, { error: 'refused' });
    else if (found !== undefined) sendTarball(response, found, halfSent.resolve);
    else if (file === undefined && versions.length > 0) send(response, 200, packument(name, versions));
    else send(response, 404, { error: 'not found' });
  }

  let url = '';
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function packument(name: string, versions: readonly FakePackage[]) {
    const all = versions.map((one) => {
      const tarball = tarballOf(one);
      const dist = { tarball: `${url}/${name}/-/${fileOf(one)}`, integrity: integrityOf(tarball) };
      return [one.version, { name, version: one.version, ...one.manifest, dist }];
    });
    return { name, 'dist-tags': { latest: versions.at(-1)?.version }, versions: Object.fromEntries(all) };
  }

  return {
    url,
    requests,
    halfSent: halfSent.promise,
    publish(...published) {
      for (const one of published) packages.set(one.name, [...(packages.get(one.name) ?? []), one]);
    },
    refuse(status) {
      refusal = status;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function fileOf({ name, version }: FakePackage): string {
  return `${name.split('/').at(-1)}-${version}.tgz`;
}

function tarballOf({ name, version, manifest, files = {} }: FakePackage): Buffer {
  return packTarball({ 'package.json': JSON.stringify({ name, version, ...manifest }), ...files });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendTarball(response: ServerResponse, found: FakePackage, onHalf: () => void): void {
  const tarball = tarballOf(found);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': tarball.length });
  if (found.tarball === 'cut') {
    response.write(tarball.subarray(0, tarball.length / 2), () => onHalf());
    return;
  }
  response.end(found.tarball === 'damaged' ? Buffer.from(tarball).fill(7, tarball.length - 20) : tarball);
}
