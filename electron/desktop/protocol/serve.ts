import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol, type Session } from 'electron';
import { WINDOW_SCHEME } from '../security/addresses.ts';
import { fileOf, headersOf } from './answer.ts';

/** Must run before `ready`: a scheme without privileges has no origin, and so no policy either. */
export function registerWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: WINDOW_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built window to this session. @param folder `dist/renderer` */
export function serveWindow(session: Session, folder: string): void {
  session.protocol.handle(WINDOW_SCHEME, async ({ method, url }) => {
    const file = method === 'GET' ? fileOf(url) : undefined;
    if (file === undefined) return nothing();
    try {
      const body = await readFile(join(folder, file));
      return new Response(new Uint8Array(body), { headers: headersOf(file) });
    } catch {
      // Missing and unreadable are the same to the page.
      return nothing();
    }
  });
}

function nothing(): Response {
  return new Response('', { status: 404, headers: headersOf('index.html') });
}
