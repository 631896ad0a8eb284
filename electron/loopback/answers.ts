import type { ServerResponse } from 'node:http';
import type { WindowFile } from './window-files.ts';

/** An answer as bytes: it is sent the same way to a request and, when it is refused, to a WebSocket's handshake. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Content from elsewhere may not run, style, frame or receive anything. `'self'` covers WebSockets only in newer
 * engines.
 */
function securityHeaders(port: number): Record<string, string> {
  const sockets = `ws://127.0.0.1:${port} ws://localhost:${port}`;
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self' ${sockets}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
}

export function createAnswers({ port, place }: { port: number; place: string }) {
  const security = securityHeaders(port);
  const html = (status: number, body: string, more: Record<string, string> = {}): HttpAnswer => ({
    status,
    headers: { ...security, 'Cache-Control': 'no-store', 'Content-Type': 'text/html; charset=utf-8', ...more },
    body: Buffer.from(body),
  });
  return {
    notFound: html(404, NOT_FOUND_PAGE),
    file: (file: WindowFile): HttpAnswer => ({
      status: 200,
      headers: { ...security, 'Cache-Control': file.cacheControl, 'Content-Type': file.contentType },
      body: file.body,
    }),
    /**
     * Sends the browser on, so that the address with the token stays neither in view nor in the history. A browser
     * that comes from another site would not send the new cookie along with a redirect: it goes on from a page of ours.
     */
    signIn(setCookie: string, fromOtherSite: boolean): HttpAnswer {
      const more = { 'Set-Cookie': setCookie };
      return fromOtherSite ? html(200, goOnPage(place), more) : html(303, '', { ...more, Location: place });
    },
  };
}

export function setCookie({ name, value, place }: { name: string; value: string; place: string }): string {
  return `${name}=${value}; Path=${place}; HttpOnly; SameSite=Strict`;
}

export function sendAnswer(response: ServerResponse, answer: HttpAnswer, withBody: boolean): void {
  // The date would make equal answers differ.
  response.sendDate = false;
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(answer.body.length) });
  response.end(withBody ? answer.body : undefined);
}

/** An HTTP answer for a connection that asked to become a WebSocket. */
export function answerText(answer: HttpAnswer, reason: string): Buffer {
  const headers = { ...answer.headers, 'Content-Length': String(answer.body.length), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${answer.status} ${reason}\r\n${lines.join('')}\r\n`), answer.body]);
}

const page = (head: string, body: string) =>
  `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n${head}<title>Perch</title>\n${body}</html>\n`;

const NOT_FOUND_PAGE = page(
  '',
  '<h1>There is nothing here</h1>\n<p>Links to Perch work once, for ten minutes. Run <code>perch serve</code> and open the link that it prints.</p>\n',
);

const goOnPage = (place: string) =>
  page(`<meta http-equiv="refresh" content="0; url=${place}">\n`, `<p><a href="${place}">Open Perch</a></p>\n`);
