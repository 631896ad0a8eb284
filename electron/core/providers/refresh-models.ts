import { renameSync, writeFileSync } from 'node:fs';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Fetch } from '../network/fetch.ts';
import { codeOf } from '../network/trust.ts';
import type { Clock } from '../ports.ts';
import { type Catalog, catalogSchema } from './model-catalog.ts';
import { reduceModels, sourceSchema } from './reduce-models.ts';

/** Milliseconds for the whole answer. */
export const REFRESH_LIMIT_MS = 30_000;
/** The data is some megabytes; more than this is something else. */
export const MAX_REFRESH_BYTES = 32 * 1024 * 1024;

/**
 * Fetches the list of models anew, reduces it to what is used, and puts it in place of `file` in one step. After an
 * error the former list is still there. Redirects are not followed.
 * @throws PerchError MODELS_NOT_REFRESHED, and what the user's network says (`Fetch`)
 */
export async function refreshModels(options: {
  url: string;
  source: string;
  licence: string;
  wantedIds: readonly string[];
  file: string;
  clock: Clock;
  fetch: Fetch;
}): Promise<Catalog> {
  const { url, source, licence, wantedIds, file, clock, fetch } = options;
  const aborter = new AbortController();
  const stopTimer = clock.after(REFRESH_LIMIT_MS, () => aborter.abort());
  try {
    const data = sourceSchema.parse(JSON.parse(await fetchText(fetch, url, aborter.signal)));
    const providers = reduceModels(data, wantedIds);
    if (Object.values(providers).flat().length === 0) throw new Error('it names no model that is known here');
    const date = new Date(clock.now()).toISOString().slice(0, 10);
    const catalog = catalogSchema.parse({ source, licence, api: url, date, origin: url, providers });
    writeFileSync(`${file}.new`, JSON.stringify(catalog), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return catalog;
  } catch (error) {
    if (error instanceof PerchError) throw error;
    throw new PerchError('MODELS_NOT_REFRESHED', { url, reason: reasonOf(error) }, { cause: error });
  } finally {
    stopTimer();
  }
}

async function fetchText(fetch: Fetch, url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REFRESH_BYTES) throw new Error(`more than ${MAX_REFRESH_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** In a few words; what a server sent is not repeated. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError') return 'timeout';
  if (error.name === 'ZodError' || error instanceof SyntaxError) return 'not a list of models';
  const code = codeOf(error);
  return code === 'UNKNOWN' ? error.message.slice(0, 100) : code;
}
