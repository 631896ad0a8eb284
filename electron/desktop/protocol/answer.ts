import { extname } from 'node:path';
import { isWindowAddress } from '../security/addresses.ts';

/** Content from elsewhere may not run, style, frame or receive anything; not even our own page may be framed. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * The file of the built window that an address names, as a path relative to its folder with `/` between the parts;
 * undefined for anything that is not one of the window's own kinds of file. Never leads out of the folder.
 */
export function fileOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || !isWindowAddress(address)) return undefined;
  const path = decode(url.pathname);
  if (path === undefined) return undefined;
  const file = path === '/' || path === '' ? 'index.html' : path.slice(1);
  const plain = file.split('/').every((part) => /^[\w-][\w.-]*$/.test(part));
  return plain && Object.hasOwn(CONTENT_TYPES, extname(file)) ? file : undefined;
}

export function headersOf(file: string): Record<string, string> {
  return {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Content-Type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
