import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

export interface WindowFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * The built window, whole, by the path it is asked for. It is read once at start: no request's path ever reaches the
 * file system, and a build that replaces the files does not mix two windows.
 */
export function loadWindowFiles(folder: string): ReadonlyMap<string, WindowFile> {
  const files = new Map<string, WindowFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const place = join(entry.parentPath, entry.name);
    const path = place.slice(folder.length).split(sep).join('/');
    const contentType = CONTENT_TYPES[extname(entry.name)];
    // Build records and source maps are not part of the window.
    if (!entry.isFile() || contentType === undefined || path.includes('/.')) continue;
    // Vite puts a hash of the content into the names below assets/.
    const cacheControl = path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
    files.set(path, { body: readFileSync(place), contentType, cacheControl });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`there is no built window in ${folder}`);
  files.set('/', index);
  return files;
}
