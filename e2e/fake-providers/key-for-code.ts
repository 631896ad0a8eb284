import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that gives a lasting key for a code, as OpenRouter does. Its page agrees by itself. */
export async function startKeyForCode(key: string) {
  const codes = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    if (url.pathname === '/auth') {
      const code = randomUUID();
      codes.set(code, url.searchParams.get('code_challenge') ?? '');
      const back = new URL(url.searchParams.get('callback_url') ?? '');
      back.searchParams.set('code', code);
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { code = '', code_verifier: verifier = '' } = JSON.parse(text) as Record<string, string>;
    const fits = codes.get(code) === createHash('sha256').update(verifier).digest('base64url');
    codes.delete(code);
    response.writeHead(fits ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(fits ? { key } : { error: { message: 'Invalid code or code_verifier' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
