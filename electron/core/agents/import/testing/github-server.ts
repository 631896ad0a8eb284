import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const GOOD_TOKEN = 'github_pat_good_0123456789abcdefghijklmnopqrstuv';

export interface FakeGitHub {
  readonly url: string;
  /** Path and token of every request. */
  readonly requests: { readonly path: string; readonly token: string | undefined }[];
  stop(): Promise<void>;
}

/**
 * As much of GitHub's API as an import asks: `open/*` is public, `closed/*` private, `limited/*` over the limit,
 * `moved/*` renamed, `down/*` out of order. Files by `ref:path`; without a ref it is `main`.
 */
export async function startFakeGitHub(files: Readonly<Record<string, string>>): Promise<FakeGitHub> {
  const requests: FakeGitHub['requests'] = [];
  const server = createServer((request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    requests.push({ path: request.url ?? '', token });
    answer(request, response, { token, files });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, files }: { token: string | undefined; files: Readonly<Record<string, string>> },
): void {
  const url = new URL(request.url ?? '/', 'http://fake');
  const [, , owner = '', , kind, ...path] = url.pathname.split('/').map(decodeURIComponent);
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  if (token !== undefined && token !== GOOD_TOKEN) return void send(401, { message: 'Bad credentials' });
  if (owner === 'limited') {
    return void send(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000000' });
  }
  if (owner === 'moved') return void send(301, {}, { location: `http://localhost:${url.port}/elsewhere` });
  if (owner === 'down') return void send(503, {});
  if (owner !== 'open' && (owner !== 'closed' || token === undefined)) return void send(404, { message: 'Not Found' });
  if (kind === undefined) return void send(200, { full_name: 'x', default_branch: 'main' });
  const file = files[`${url.searchParams.get('ref') ?? 'main'}:${path.join('/')}`];
  send(file === undefined ? 404 : 200, file ?? {});
}
